//! The `yinxin` program.

use tikv_jemallocator::Jemalloc;

/// Takes the same memory for the same work, where that of the C library keeps what each thread freed, and is quicker.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> std::process::ExitCode {
    yinxin::cli::run()
}
