//! The command line: one file per subcommand, a short dispatch.
