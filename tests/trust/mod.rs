//! Path validation against the public suites: every verdict is the expected one, but for exceptions that say why.

mod command;
mod exceptions;
mod mesh;
mod suites;
