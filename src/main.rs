//! The `yinxin` program.

fn main() -> std::process::ExitCode {
    yinxin::cli::run()
}
