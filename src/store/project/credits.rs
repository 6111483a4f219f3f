//! What credits need to know of a repository: who people are by its mailmap, and which files commits touched.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::{Project, is_id};

/// How changed paths are listed: merges as their first parent saw them, without any blob being read.
const PATHS: [&str; 8] = [
    "diff-tree",
    "--stdin",
    "--root",
    "-r",
    "-z",
    "--name-only",
    "--no-renames",
    "--diff-merges=first-parent",
];

impl Project {
    /// Those of `people`, each written `Name <address>`, whom the mailmap gives one of `addresses`.
    pub fn known_as(&self, people: &BTreeSet<String>, addresses: &[&str]) -> BTreeSet<String> {
        let plain = |one: &&String| {
            one.ends_with('>') && one.matches(['<', '>']).count() == 2 && !one.contains(['\n', '\r', '\0'])
        };
        let asked: Vec<&String> = people.iter().filter(plain).collect();
        if asked.is_empty() {
            return BTreeSet::new();
        }
        let input: String = asked.iter().map(|one| format!("{one}\n")).collect();
        let mut answer = Vec::new();
        let asking = self.git().stream(&["check-mailmap", "--stdin"], Some(input.into_bytes()), |record| {
            answer.extend_from_slice(record);
            ControlFlow::Continue(())
        });
        let answer = String::from_utf8_lossy(&answer);
        let lines: Vec<&str> = answer.lines().collect();
        // Without an answer to each, nobody knows which is whose.
        if asking.is_err() || lines.len() != asked.len() {
            return BTreeSet::new();
        }
        let is_mine = |line: &str| {
            let address = line.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
            address.is_some_and(|address| addresses.iter().any(|own| own.eq_ignore_ascii_case(address)))
        };
        asked.into_iter().zip(lines).filter(|(_, line)| is_mine(line)).map(|(one, _)| one.clone()).collect()
    }

    /// The paths that each commit touched. What git cannot tell, because objects are missing, is left out.
    pub fn touched(&self, commits: &[String]) -> BTreeMap<String, Vec<String>> {
        let mut touched = BTreeMap::<String, Vec<String>>::new();
        let wanted: BTreeSet<&str> = commits.iter().map(String::as_str).filter(|id| is_id(id)).collect();
        if wanted.is_empty() {
            return touched;
        }
        let input: String = wanted.iter().map(|id| format!("{id}\n")).collect();
        let mut at = None;
        let listing = self.git().stream(&PATHS, Some(input.into_bytes()), |record| {
            match std::str::from_utf8(record).ok().filter(|text| wanted.contains(text)) {
                Some(id) => at = Some(id.to_owned()),
                None => {
                    let paths = at.clone().map(|id| touched.entry(id).or_default());
                    if let Some(paths) = paths.filter(|paths| paths.len() < MOST_PATHS) {
                        paths.push(String::from_utf8_lossy(record).into_owned());
                    }
                }
            }
            ControlFlow::Continue(())
        });
        // The list of the last one may be cut off.
        if let (Err(_), Some(last)) = (listing, at) {
            touched.remove(&last);
        }
        touched
    }
}

/// Paths of one commit that are looked at.
const MOST_PATHS: usize = 1000;
