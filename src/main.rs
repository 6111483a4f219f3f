//! The program `git-okr`, run as `git okr …`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    git_okr::run(std::env::args_os())
}
