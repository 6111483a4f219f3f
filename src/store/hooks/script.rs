//! The text of a hook: our block, put into a script or taken out of it, byte by byte.

use super::Event;

/// How the first and the last line of our block begin.
const BEGIN: &[u8] = b"# >>> git-okr >>>";
const END: &[u8] = b"# <<< git-okr <<<";

/// What a hook file is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// Nothing in it.
    Blank,
    /// Written by git-okr and by nobody else.
    Ours,
    /// Somebody's script with our block in it.
    WithBlock,
    /// Somebody's shell script, which can take our block.
    Shell,
    /// Somebody's program in another language, or without a first line that names one.
    Other,
}

/// Tells what `content` is.
pub(super) fn kind(content: &[u8]) -> Script {
    if content.iter().all(u8::is_ascii_whitespace) {
        Script::Blank
    } else if block(content).is_some() {
        let rest = without_block(content);
        let rest = rest.strip_prefix(b"#!/bin/sh").unwrap_or(&rest);
        if rest.iter().all(u8::is_ascii_whitespace) { Script::Ours } else { Script::WithBlock }
    } else if is_shell(content) {
        Script::Shell
    } else {
        Script::Other
    }
}

/// `content` with our block, as it is today, right after its first line: a script may end anywhere below.
pub(super) fn with_block(content: &[u8], event: Event) -> Vec<u8> {
    let clean = without_block(content);
    let end = clean.iter().position(|byte| *byte == b'\n');
    let (head, tail) = clean.split_at(end.map_or(clean.len(), |end| end + 1));
    let mut script = head.to_vec();
    if end.is_none() {
        script.push(b'\n');
    }
    script.extend_from_slice(our_block(event));
    script.extend_from_slice(tail);
    script
}

/// `content` without our block; as it is when there is none, or when its end is lost.
pub(super) fn without_block(content: &[u8]) -> Vec<u8> {
    let mut rest = content.to_vec();
    while let Some((start, end)) = block(&rest) {
        rest.drain(start..end);
    }
    rest
}

/// The first line of a script and our block as it stands in it, which can be run without anything else of the script.
pub(super) fn block_alone(content: &[u8]) -> Option<Vec<u8>> {
    let (start, end) = block(content)?;
    let head = content.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    Some([&content[..head.min(start)], &content[start..end]].concat())
}

/// The shim without its first line.
fn our_block(event: Event) -> &'static [u8] {
    event.shim().split_once('\n').map_or(&[], |(_, block)| block.as_bytes())
}

/// Where our block begins and ends.
fn block(content: &[u8]) -> Option<(usize, usize)> {
    let (mut at, mut start) = (0, None);
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(BEGIN) {
            start = Some(at);
        }
        at += line.len();
        if line.starts_with(END)
            && let Some(start) = start
        {
            return Some((start, at));
        }
    }
    None
}

/// True when the first line names a shell that reads our block. A carriage return belongs to the name: the system
/// would not find such a shell.
fn is_shell(content: &[u8]) -> bool {
    let line = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Some(command) = line.strip_prefix(b"#!").and_then(|command| std::str::from_utf8(command).ok()) else {
        return false;
    };
    if command.contains('\r') {
        return false;
    }
    let mut words = command.split_ascii_whitespace();
    let mut program = words.next().unwrap_or_default();
    if program.ends_with("/env") {
        program = words.find(|word| !word.starts_with('-')).unwrap_or_default();
    }
    let name = program.rsplit('/').next().unwrap_or_default();
    matches!(name, "sh" | "bash" | "dash" | "ash" | "ksh" | "zsh")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, prop_oneof, proptest};
    use proptest::strategy::{Just, Strategy};

    use super::{Event, Script, block_alone, kind, with_block, without_block};

    const SHIM: &str = include_str!("../../../hooks/post-commit");

    #[test]
    fn scripts_are_told_apart() {
        for (content, expected) in [
            ("", Script::Blank),
            ("\n \n", Script::Blank),
            (SHIM, Script::Ours),
            ("#!/bin/sh\nexit 3\n", Script::Shell),
            ("#!/bin/sh", Script::Shell),
            ("#! /usr/bin/env -S bash -e\n", Script::Shell),
            ("#!/usr/local/bin/zsh\n", Script::Shell),
            ("#!/bin/sh\r\nexit\r\n", Script::Other),
            ("#!/usr/bin/env python3\n", Script::Other),
            ("#!/bin/fish\n", Script::Other),
            ("#!/bin/csh\n", Script::Other),
            ("echo no first line\n", Script::Other),
            ("\u{7f}ELF", Script::Other),
            ("#!/bin/sh\n# >>> git-okr >>>\nits end is lost\n", Script::Shell),
        ] {
            assert_eq!(kind(content.as_bytes()), expected, "{content:?}");
        }
        for event in Event::ALL {
            let script = with_block(b"#!/bin/sh\nexit 3\n", event);
            assert_eq!(kind(&script), Script::WithBlock);
            assert_eq!(block_alone(&script).unwrap(), event.shim().as_bytes());
            assert_eq!(kind(event.shim().as_bytes()), Script::Ours);
            // lefthook takes any file with its name in it for its own.
            assert!(!event.shim().contains("LEFTHOOK"));
        }
    }

    proptest! {
        #[test]
        fn a_block_goes_in_once_and_comes_out_whole(
            head in prop_oneof![Just("#!/bin/sh\n"), Just("#!/usr/bin/env bash\n"), Just("#!/bin/dash -e\n")],
            body in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'\n'), Just(b'\r'), Just(b'#')], 0..200)
                .prop_map(|body| body),
        ) {
            let script = [head.as_bytes(), &body].concat();
            let ours = with_block(&script, Event::PostRewrite);
            prop_assert_eq!(&with_block(&ours, Event::PostRewrite), &ours);
            prop_assert_eq!(without_block(&ours), script);
        }
    }
}
