//! The demo's story: dated command lines and commits, read from a text file.

use crate::model::Instant;

/// The story that `git okr demo` plays.
pub(super) const YEAR: &str = include_str!("story.txt");

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// What the following steps tell, for those who wait.
    Chapter(String),
    /// The moment at which the following steps happen.
    Clock(Instant),
    /// A code repository appears.
    Repo { name: String, url: String },
    /// The following command lines run in this repository, or at home.
    Enter(String),
    /// Somebody commits in a code repository.
    Commit(Commit),
    /// A command line runs: arguments after `git okr`, and what it reads from standard input.
    Run(Vec<String>, String),
    /// Suggestions become evidence, by title; further options of `git okr inbox accept`.
    Accept { titles: Vec<String>, options: Vec<String> },
    /// Suggestions are dismissed, by title.
    Dismiss(Vec<String>),
    /// A paragraph for the reader.
    Say(String),
    /// A command line runs in front of the reader: as it is written, and its arguments after `git okr`.
    Show(String, Vec<String>),
}

/// A commit in a code repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Commit {
    /// The repository's name.
    pub(super) repo: String,
    /// `Name <address>`, when it is not the person whose story this is.
    pub(super) author: Option<String>,
    /// The whole message.
    pub(super) message: String,
    /// Files with lines added and lines removed.
    pub(super) files: Vec<(String, usize, usize)>,
}

/// Reads a story. The error names the line at fault.
pub(super) fn parse(text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, first)) = lines.next() {
        let mut line = first.trim_end().to_owned();
        while let Some(open) = line.strip_suffix('\\') {
            let next = lines.next().map_or("", |(_, next)| next.trim());
            line = format!("{} {next}", open.trim_end());
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        step(&line, &mut steps).ok_or_else(|| format!("story, line {}: '{first}'", number + 1))?;
    }
    Ok(steps)
}

/// Adds what a line says; `None` when it cannot be read.
fn step(line: &str, steps: &mut Vec<Step>) -> Option<()> {
    if let Some(detail) = line.strip_prefix("  ") {
        return match (steps.last_mut()?, detail.trim_start()) {
            (Step::Commit(commit), detail) => commit_detail(commit, detail),
            (Step::Run(_, input), detail) => {
                *input += detail.strip_prefix('<')?.trim_start();
                input.push('\n');
                Some(())
            }
            _ => None,
        };
    }
    let (word, rest) = line.split_once(' ')?;
    let rest = rest.trim_start();
    if let ("say", Some(Step::Say(text))) = (word, steps.last_mut()) {
        *text += &format!(" {rest}");
        return Some(());
    }
    steps.push(match word {
        "chapter" => Step::Chapter(rest.to_owned()),
        "@" => Step::Clock(clock(rest)?),
        "repo" => {
            let (name, url) = rest.split_once(' ')?;
            Step::Repo { name: name.to_owned(), url: url.trim().to_owned() }
        }
        "cd" => Step::Enter(rest.to_owned()),
        "commit" => {
            let (repo, subject) = rest.split_once(' ')?;
            Step::Commit(Commit { repo: repo.to_owned(), message: subject.to_owned(), ..Commit::default() })
        }
        "$" => Step::Run(arguments(rest)?, String::new()),
        "accept" => {
            let mut titles = words(rest)?;
            let split = titles.iter().position(|word| word.starts_with("--")).unwrap_or(titles.len());
            let options = titles.split_off(split);
            Step::Accept { titles, options }
        }
        "dismiss" => Step::Dismiss(words(rest)?),
        "say" => Step::Say(rest.to_owned()),
        ">" => Step::Show(rest.to_owned(), arguments(rest)?),
        _ => return None,
    });
    Some(())
}

fn commit_detail(commit: &mut Commit, detail: &str) -> Option<()> {
    let (mark, rest) = detail.split_once(' ').unwrap_or((detail, ""));
    match mark {
        "by" => commit.author = Some(rest.to_owned()),
        "|" if commit.message.contains('\n') => commit.message += &format!("\n{rest}"),
        "|" => commit.message += &format!("\n\n{rest}"),
        "*" => {
            let mut parts = rest.split_whitespace();
            let path = parts.next()?.to_owned();
            let (mut added, mut removed) = (0, 0);
            for part in parts {
                match part.split_at_checked(1)? {
                    ("+", count) => added = count.parse().ok()?,
                    ("-", count) => removed = count.parse().ok()?,
                    _ => return None,
                }
            }
            commit.files.push((path, added, removed));
        }
        _ => return None,
    }
    Some(())
}

/// `2025-10-06 09:30`, in UTC: the same words on every machine.
fn clock(text: &str) -> Option<Instant> {
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").ok()?;
    Instant::from_epoch(time.and_utc().timestamp(), 0)
}

/// What follows `git okr`.
fn arguments(line: &str) -> Option<Vec<String>> {
    words(line.strip_prefix("git okr ")?)
}

/// Splits a command line the way a shell does, as far as quotes go. `None` when a quote stays open.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::{Step, YEAR, parse, words};

    #[test]
    fn the_story_of_the_year_can_be_read_and_time_only_moves_forward() {
        let steps = parse(YEAR).unwrap();
        let clocks: Vec<_> = steps
            .iter()
            .filter_map(|step| if let Step::Clock(at) = step { Some(*at) } else { None })
            .collect();
        assert!(matches!(steps.iter().find(|step| !matches!(step, Step::Chapter(_))), Some(Step::Clock(_))));
        assert!(clocks.is_sorted());
        assert!(steps.iter().filter(|step| matches!(step, Step::Show(..))).count() == 3);
    }

    #[test]
    fn a_command_line_may_read_what_follows_it() {
        let steps = parse("$ git okr add -\n  < title = \"a\"\n  <\n").unwrap();
        assert_eq!(steps, [Step::Run(vec!["add".into(), "-".into()], "title = \"a\"\n\n".into())]);
        assert!(parse("cd home\n  < title\n").is_err());
    }

    #[test]
    fn words_split_like_a_shell() {
        assert_eq!(words("add 'a b' --x=\"c d\"  e ''").unwrap(), ["add", "a b", "--x=c d", "e", ""]);
        assert_eq!(words("add 'open"), None);
    }

    #[test]
    fn commits_have_details_and_faults_have_lines() {
        let steps = parse(
            "commit a fix: b (#1)\n  by Bo <bo@x.test>\n  * src/a.rs +3 -1\n  | Why.\n  |\n  | Okr-Bet: c\n",
        )
        .unwrap();
        let [Step::Commit(commit)] = steps.as_slice() else { panic!("{steps:?}") };
        assert_eq!(commit.message, "fix: b (#1)\n\nWhy.\n\nOkr-Bet: c");
        assert_eq!(commit.files, [("src/a.rs".to_owned(), 3, 1)]);
        assert_eq!(parse("\n@ noon\n").unwrap_err(), "story, line 2: '@ noon'");
    }
}
