//! The command line: one file per subcommand, a short dispatch.
//!
//! Every command that prints data takes `--json`. An error is one clause, then what can be done about it; the exit code is
//! 0 when all went well, 1 when something was refused or did not pass, 2 when the command could not run.
