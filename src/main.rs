use std::process::ExitCode;

fn main() -> ExitCode {
    arxcat::run(std::env::args_os())
}
