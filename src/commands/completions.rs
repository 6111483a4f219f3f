//! `git okr completions`: completion scripts, for `git-okr` and for `git okr`.

use clap::ValueEnum;
use clap_complete::Shell;

use crate::context::Context;
use crate::error::{Outcome, exit};

/// Print a completion script for a shell
///
/// The script completes both 'git-okr' and 'git okr':
///
///   bash   git okr completions bash > ~/.local/share/bash-completion/completions/git-okr
///          and source that file from ~/.bashrc: git's own completion loads nothing for its subcommands
///   zsh    git okr completions zsh > a directory of $fpath, as _git-okr
///   fish   git okr completions fish > ~/.config/fish/completions/git-okr.fish
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// bash, zsh or fish
    shell: Supported,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Supported {
    Bash,
    Zsh,
    Fish,
}

/// git's bash completion calls `_git_okr` with the words of the whole line; clap's function wants its own.
const BASH_BRIDGE: &str = r#"
_git_okr() {
    local COMP_WORDS=("git-okr" "${words[@]:$((__git_subcommand_idx + 1))}")
    local COMP_CWORD=$((cword - __git_subcommand_idx))
    _git__okr "git-okr" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
}
"#;

/// fish completes `git okr …` by asking itself how `git-okr …` would go on.
const FISH_BRIDGE: &str = r#"
function __git_okr_complete
    set -l line (commandline -opc) (commandline -ct)
    set -e line[1]
    complete -C "git-okr $line[2..-1]"
end
complete -c git -n 'contains okr (commandline -opc)' -f -a '(__git_okr_complete)'
"#;

/// Runs the verb.
pub fn run(context: &mut Context, args: Args) -> Outcome {
    // The functions of the scripts are called after the program, not after what people type.
    let mut command = super::root().bin_name("git-okr");
    let (shell, bridge) = match args.shell {
        Supported::Bash => (Shell::Bash, BASH_BRIDGE),
        Supported::Zsh => (Shell::Zsh, ""),
        Supported::Fish => (Shell::Fish, FISH_BRIDGE),
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "git-okr", &mut script);
    // In bash clap spells a hyphen in two ways, so names with one ('git-okr', 'check-in') never meet; one way does.
    let script = String::from_utf8_lossy(&script).replace("__subcmd__", "__");
    context.ui.plain(&script)?;
    context.ui.plain(bridge)?;
    Ok(exit::DONE)
}
