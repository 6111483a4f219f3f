//! Synthetic code repositories: commits of several authors, some through pull requests, some through merges.

use std::io::{self, Write};
use std::path::Path;

use super::random::Random;
use super::world::{git, import};

const PEOPLE: [(&str, &str); 10] = [
    ("Mina Okafor", "mina@acme.test"),
    ("Lars Holm", "lars@acme.test"),
    ("Priya Nair", "priya@acme.test"),
    ("Tom Abara", "tom@acme.test"),
    ("Yuki Mori", "yuki@acme.test"),
    ("Ana Souza", "ana@acme.test"),
    ("Omar Haddad", "omar@acme.test"),
    ("dependabot[bot]", "bot@acme.test"),
    ("Eva Lind", "eva@acme.test"),
    ("Ken Osei", "ken@acme.test"),
];
const VERBS: [&str; 10] = [
    "feat: add",
    "fix: handle",
    "Fix",
    "Add",
    "refactor: move",
    "docs: describe",
    "chore: bump",
    "Use",
    "perf: cache",
    "test: cover",
];
const PLACES: [&str; 8] =
    ["src/queue", "src/api", "src/store", "src/ui/forms", "tests", "docs", "src/search/index", "tools"];

/// 2017-01-02, and the seconds between two commits.
const START: i64 = 1_483_351_200;
const STEP: i64 = 14_400;
/// Files in the repository, and lines that each begins with.
const FILES: usize = 400;
const LINES: usize = 60;

/// Writes a bare repository of `count` commits at `dir`, and packs it. A third of them are Mina's.
pub(crate) fn write(dir: &Path, count: usize, seed: u64) -> io::Result<()> {
    git(&["init", "--quiet", "--bare", "--initial-branch=main", &dir.to_string_lossy()], dir.parent());
    import(dir, |stream| Maker::new(seed).commits(stream, count))?;
    git(&["repack", "-adq"], Some(dir));
    Ok(())
}

struct Maker {
    random: Random,
    files: Vec<Vec<String>>,
    pull: usize,
    /// Files that the commits since the last merge touched.
    touched: Vec<usize>,
}

impl Maker {
    fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), files: vec![Vec::new(); FILES], pull: 0, touched: Vec::new() }
    }

    /// A line of commits; now and then a short branch that a pull request's merge joins again.
    fn commits(&mut self, stream: &mut dyn Write, count: usize) -> io::Result<()> {
        let mut at = 1;
        self.commit(stream, at, None, None)?;
        while at < count {
            if at + 4 < count && self.random.chance(8) {
                let base = at;
                let length = 1 + self.random.below(3);
                let author = self.author();
                self.touched.clear();
                for nth in 0..length {
                    at += 1;
                    let from = if nth == 0 { base } else { at - 1 };
                    self.commit(stream, at, Some(author), Some(from))?;
                }
                at += 1;
                self.merge(stream, at, base)?;
            } else {
                at += 1;
                self.commit(stream, at, None, Some(at - 1))?;
            }
        }
        writeln!(stream, "reset refs/heads/main\nfrom :{at}\n")
    }

    fn author(&mut self) -> usize {
        if self.random.chance(33) { 0 } else { 1 + self.random.below(PEOPLE.len() - 1) }
    }

    fn commit(
        &mut self,
        stream: &mut dyn Write,
        at: usize,
        author: Option<usize>,
        from: Option<usize>,
    ) -> io::Result<()> {
        let squash = author.is_none() && self.random.chance(60);
        let author = author.unwrap_or_else(|| self.author());
        let mut message =
            format!("{} {}", self.random.pick(&VERBS), self.random.prose(5).trim_end_matches('.'));
        if squash {
            self.pull += 1;
            message += &format!(" (#{})", self.pull);
        }
        message += "\n";
        if self.random.chance(55) {
            let words = 8 + self.random.below(60);
            message += &format!("\n{}\n", self.random.prose(words));
        }
        if self.random.chance(15) {
            message += &format!("\nCloses #{}\n", self.random.below(4000) + 1);
        }
        head(stream, at, PEOPLE[author], &message)?;
        if let Some(from) = from {
            writeln!(stream, "from :{from}")?;
        }
        for _ in 0..1 + self.random.below(4) {
            self.touch(stream)?;
        }
        writeln!(stream)
    }

    fn merge(&mut self, stream: &mut dyn Write, at: usize, base: usize) -> io::Result<()> {
        self.pull += 1;
        let who = self.author();
        let message = format!("Merge pull request #{} from acme/topic-{at}\n\nA topic\n", self.pull);
        head(stream, at, PEOPLE[who], &message)?;
        writeln!(stream, "from :{base}\nmerge :{}", at - 1)?;
        for file in std::mem::take(&mut self.touched) {
            self.write(stream, file)?;
        }
        writeln!(stream)
    }

    /// Changes a few lines of a file.
    fn touch(&mut self, stream: &mut dyn Write) -> io::Result<()> {
        let at = self.random.below(FILES);
        if self.files[at].is_empty() {
            self.files[at] = (0..LINES).map(|_| self.random.prose(7)).collect();
        }
        let edits = 1 + self.random.below(12);
        for _ in 0..edits {
            let line = self.random.prose(7);
            let lines = &mut self.files[at];
            let place = self.random.below(lines.len());
            match self.random.below(3) {
                0 if lines.len() > 10 => drop(lines.remove(place)),
                1 => lines[place] = line,
                _ => lines.insert(place, line),
            }
        }
        self.touched.push(at);
        self.write(stream, at)
    }

    fn write(&self, stream: &mut dyn Write, at: usize) -> io::Result<()> {
        let end = if at.is_multiple_of(5) { "md" } else { "rs" };
        let text = self.files[at].join("\n");
        let place = PLACES[at % PLACES.len()];
        write!(stream, "M 100644 inline {place}/file{at}.{end}\ndata {}\n{text}\n", text.len())
    }
}

fn head(stream: &mut dyn Write, at: usize, who: (&str, &str), message: &str) -> io::Result<()> {
    let time = START + at as i64 * STEP;
    writeln!(stream, "commit refs/heads/main\nmark :{at}")?;
    writeln!(stream, "author {} <{}> {time} +0000", who.0, who.1)?;
    writeln!(stream, "committer {} <{}> {time} +0000", who.0, who.1)?;
    write!(stream, "data {}\n{message}", message.len())
}
