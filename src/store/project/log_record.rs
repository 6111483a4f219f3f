//! From the NUL-separated records of `git log` back to commits.

use std::borrow::Cow;

use crate::model::Text;
use crate::model::project::{FileChange, Person, ProjectCommit};
use crate::store::raw_date;

use super::is_id;

/// Fields of a commit before its files: id, parents, name, e-mail, two dates, trailers, message.
const FIELDS: usize = 8;

/// A commit whose records are complete.
pub(super) struct Entry {
    pub(super) id: String,
    /// What it says; `None` when it could not be understood.
    pub(super) commit: Option<ProjectCommit>,
}

/// Collects the records of one commit after the other.
pub(super) struct LogReader {
    with_files: bool,
    /// The fields that are complete, one behind the other, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    files: Vec<FileChange>,
    /// A file that was renamed, without its path, and whether its old one was read: two records of their own follow.
    renamed: Option<(FileChange, bool)>,
}

impl LogReader {
    pub(super) fn new(with_files: bool) -> Self {
        Self { with_files, text: Vec::new(), ends: Vec::new(), files: Vec::new(), renamed: None }
    }

    /// Takes the next record, and returns the commit that it completes: with files that is the one before, because
    /// only the beginning of the next commit ends a list of files.
    pub(super) fn take(&mut self, record: &[u8]) -> Option<Entry> {
        if (1..FIELDS).contains(&self.ends.len()) {
            self.push(record);
            return if self.ends.len() == FIELDS && !self.with_files { self.end() } else { None };
        }
        // Any bytes can be a path, those of an id too: what follows a rename is never looked at.
        match self.renamed.take() {
            Some((file, false)) => {
                self.renamed = Some((file, true));
                return None;
            }
            Some((file, true)) => {
                self.files.push(FileChange { path: Text::new(String::from_utf8_lossy(record)), ..file });
                return None;
            }
            None => {}
        }
        // A line break stands between a message and its first file.
        let record = record.strip_prefix(b"\n").unwrap_or(record);
        if let Some(file) = parse_numstat(record) {
            if file.path.raw().is_empty() {
                self.renamed = Some((file, false));
            } else {
                self.files.push(file);
            }
            return None;
        }
        // Anything but an id is no beginning: wait for the next one.
        if !std::str::from_utf8(record).is_ok_and(is_id) {
            return None;
        }
        let entry = self.end();
        self.push(record);
        entry
    }

    /// True when the commit that is being read has named a file.
    pub(super) fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// The commit that no record follows.
    pub(super) fn end(&mut self) -> Option<Entry> {
        if self.ends.len() != FIELDS {
            return None;
        }
        let mut commit = self.commit();
        let files = std::mem::take(&mut self.files);
        self.renamed = None;
        if let Some(commit) = &mut commit {
            commit.files = self.with_files.then_some(files);
        }
        let entry = Entry { id: self.field(0).into_owned(), commit };
        self.text.clear();
        self.ends.clear();
        Some(entry)
    }

    fn push(&mut self, record: &[u8]) {
        self.text.extend_from_slice(record);
        self.ends.push(self.text.len());
    }

    /// A field as text; bytes that are no UTF-8 are replaced.
    fn field(&self, index: usize) -> Cow<'_, str> {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        String::from_utf8_lossy(&self.text[start..self.ends[index]])
    }

    fn commit(&self) -> Option<ProjectCommit> {
        let (subject, body) = split_message(&self.field(7));
        Some(ProjectCommit {
            id: self.field(0).into_owned(),
            parents: self.field(1).split_whitespace().map(str::to_owned).collect(),
            author: Person { name: Text::new(self.field(2)), email: Text::new(self.field(3)) },
            authored: raw_date::parse(&self.field(4))?,
            committed: raw_date::parse(&self.field(5))?,
            subject,
            body,
            trailers: self.field(6).lines().filter_map(trailer).take(TRAILERS.0).collect(),
            files: None,
        })
    }
}

/// `added TAB deleted TAB path`, or dashes for a binary file; without a path for a rename. No id looks like this.
fn parse_numstat(record: &[u8]) -> Option<FileChange> {
    let mut parts = record.splitn(3, |byte| *byte == b'\t');
    let (added, deleted, path) = (parts.next()?, parts.next()?, parts.next()?);
    let binary = added == b"-" && deleted == b"-";
    let count = |digits: &[u8]| {
        let digits =
            std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
        Some(digits.parse().unwrap_or(u32::MAX))
    };
    let (added, deleted) = if binary { (0, 0) } else { (count(added)?, count(deleted)?) };
    Some(FileChange {
        path: Text::new(String::from_utf8_lossy(path)),
        added,
        deleted,
        binary,
        generated: false,
    })
}

/// The most of a subject that is kept, in bytes: what is longer is no sentence.
const LONGEST_SUBJECT: usize = 4 * 1024;

/// The most of a body that is kept from its beginning and from its end, where references stand.
const LONGEST_BODY: (usize, usize) = (192 * 1024, 60 * 1024);

/// The most trailers of a commit, and the longest.
const TRAILERS: (usize, usize) = (1000, 8 * 1024);

/// The first line, and the rest without the white space around it; no more of either than somebody wrote.
fn split_message(message: &str) -> (Text, Text) {
    let message = message.trim_start_matches(['\n', '\r']);
    let (subject, body) = message.split_once('\n').unwrap_or((message, ""));
    let body = body.trim_start_matches(['\n', '\r']).trim_end();
    let (first, last) = LONGEST_BODY;
    let body = if body.len() > first + last {
        let end = &body[floor(body, body.len() - last)..];
        // From a whole line on: half of one could be read for something else.
        let end = end.split_once('\n').map_or("", |(_, whole)| whole);
        Text::from(format!("{}\n{end}", &body[..floor(body, first)]))
    } else {
        Text::from(body)
    };
    let subject = subject.trim();
    (Text::from(&subject[..floor(subject, LONGEST_SUBJECT)]), body)
}

/// The last boundary of characters up to `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// `Key: value`: git has found and unfolded it, so that it is one line.
fn trailer(line: &str) -> Option<(Text, Text)> {
    let (key, value) = line.split_once(':').filter(|_| line.len() <= TRAILERS.1)?;
    Some((Text::from(key.trim()), Text::from(value.trim())))
}
