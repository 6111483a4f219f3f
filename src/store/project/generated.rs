//! Files that a program wrote, or that were copied from elsewhere: by what attributes say, then by their first lines.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use crate::harvest::header::says_generated;
use crate::harvest::paths::{Class, class_of};
use crate::model::project::{FileChange, ProjectCommit};

use super::Project;

/// Words without which no attribute makes a difference here.
const TELLING: [&str; 4] = ["linguist-generated", "linguist-vendored", "-diff", "binary"];

/// The most of a file with attributes that is looked at for them.
const MOST_ATTRIBUTES: u64 = 1 << 20;

/// How much of a file is looked at for what it says of its origin.
const BEGINNING: u64 = 4 << 10;

/// Lines that a commit changed in a file, from which on its first lines are looked at: fewer move no score by much.
const TELLING_LINES: u32 = 20;

/// Marks the files of `commits`, newest first, that are no production code of a person. What git cannot tell, because
/// a partial clone lacks it, is left as it is.
pub(super) fn mark(project: &Project, commits: &mut [ProjectCommit]) {
    let named = attributed(project, commits);
    each(commits, |_, file| file.generated |= named.contains(file.path.raw()));
    let headed = headed(project, commits);
    each(commits, |_, file| file.generated |= headed.contains(file.path.raw()));
}

/// Hands over every file that is not known to be generated, with the id of its commit.
fn each(commits: &mut [ProjectCommit], mut on_file: impl FnMut(&str, &mut FileChange)) {
    for commit in commits {
        for file in commit.files.iter_mut().flatten().filter(|file| class_of(file) != Class::Generated) {
            on_file(&commit.id, file);
        }
    }
}

/// Paths that attributes say to be generated, vendored or not worth a diff, in what is checked out now.
fn attributed(project: &Project, commits: &mut [ProjectCommit]) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    each(commits, |_, file| {
        if !file.path.raw().split('/').any(|part| matches!(part, "" | "." | "..")) {
            paths.insert(file.path.raw().to_owned());
        }
    });
    if paths.is_empty() || !attributes_tell(project, &paths) {
        return BTreeSet::new();
    }
    let input = paths.iter().flat_map(|path| path.bytes().chain([0])).collect::<Vec<u8>>();
    let ask = |source: &[&str]| {
        let words = ["check-attr", "--stdin", "-z"];
        let args = [&words, source, &["linguist-generated", "linguist-vendored", "diff"][..]].concat();
        let (mut fields, mut found) = (Vec::new(), BTreeSet::new());
        let answer = project.git().stream(&args, Some(input.clone()), |record| {
            fields.push(String::from_utf8_lossy(record).into_owned());
            if let [path, name, value] = fields.as_slice() {
                let says = match name.as_str() {
                    "diff" => value == "unset",
                    _ => matches!(value.as_str(), "set" | "true"),
                };
                found.extend(says.then(|| path.clone()));
                fields.clear();
            }
            ControlFlow::Continue(())
        });
        answer.map(|()| found)
    };
    // Git before 2.40 knows no '--source', and reads what lies in the work tree.
    ask(&["--source=HEAD"]).or_else(|_| ask(&[])).unwrap_or_default()
}

/// True when attributes above one of `paths` speak of what matters here.
fn attributes_tell(project: &Project, paths: &BTreeSet<String>) -> bool {
    let tells = |text: &[u8]| {
        let text = String::from_utf8_lossy(text);
        TELLING.iter().any(|word| text.contains(word))
    };
    let own = std::fs::read(project.common_dir().join("info/attributes"));
    if own.is_ok_and(|text| tells(&text)) {
        return true;
    }
    let mut files = BTreeSet::from([".gitattributes".to_owned()]);
    for path in paths {
        files.extend(path.match_indices('/').map(|(at, _)| format!("{}/.gitattributes", &path[..at])));
    }
    let names: Vec<String> = files.iter().map(|file| format!("HEAD:{file}")).collect();
    let mut found = false;
    beginnings(project, &names, MOST_ATTRIBUTES, |_, text| found |= tells(text));
    found
}

/// Paths of code with more than a few lines whose newest version here says that a program wrote it.
fn headed(project: &Project, commits: &mut [ProjectCommit]) -> BTreeSet<String> {
    let mut newest: BTreeMap<String, (String, bool)> = BTreeMap::new();
    each(commits, |id, file| {
        // A version that lines were added to is there.
        if class_of(file) == Class::Production && file.added > 0 {
            let many = file.added.saturating_add(file.deleted) >= TELLING_LINES;
            newest.entry(file.path.raw().to_owned()).or_insert_with(|| (id.to_owned(), false)).1 |= many;
        }
    });
    let wanted: Vec<(String, String)> = newest
        .into_iter()
        .filter(|(_, (_, many))| *many)
        .map(|(path, (id, _))| (format!("{id}:{path}"), path))
        .collect();
    let (names, paths): (Vec<String>, Vec<String>) = wanted.into_iter().unzip();
    let mut found = BTreeSet::new();
    beginnings(project, &names, BEGINNING, |at, text| {
        if says_generated(text) {
            found.insert(paths[at].clone());
        }
    });
    found
}

/// Hands over how each of the files that `names` name begins, by its place among them. What is not here is left out:
/// nothing is ever fetched for this.
fn beginnings(project: &Project, names: &[String], most: u64, mut on_file: impl FnMut(usize, &[u8])) {
    let wanted: Vec<usize> = (0..names.len()).filter(|at| !names[*at].contains(['\n', '\r'])).collect();
    if wanted.is_empty() {
        return;
    }
    let input: String = wanted.iter().map(|at| format!("{}\n", names[*at])).collect();
    // What git says when it fails was said when the commits themselves were read.
    let _ = project.git().converse(&["cat-file", "--batch"], input.into_bytes(), |answer| {
        for at in wanted {
            if let Some(text) = beginning(answer, most)? {
                on_file(at, &text);
            }
        }
        Ok(())
    });
}

/// The next answer of `git cat-file --batch`, as far as it is a file: its first bytes.
fn beginning(mut answer: &mut dyn BufRead, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    answer.read_until(b'\n', &mut line)?;
    let line = String::from_utf8_lossy(&line);
    let Some((head, size)) = line.trim_end().rsplit_once(' ') else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    // '<name> missing', or '<id> <type> <size>'.
    let Ok(size) = size.parse::<u64>() else { return Ok(None) };
    let mut text = Vec::new();
    Read::take(&mut answer, size.min(most)).read_to_end(&mut text)?;
    io::copy(&mut Read::take(&mut answer, size.saturating_sub(most) + 1), &mut io::sink())?;
    Ok(head.ends_with(" blob").then_some(text))
}
