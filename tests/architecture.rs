//! The house rules that a compiler does not know: layers, doors, names, sizes. The table is that of `src/lib.rs`.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Modules by layer, lowest first. A module may import its own layer (without cycles) and those below it.
const LAYERS: [&[&str]; 6] = [
    &["model", "settings"],
    &["format", "change", "harvest", "report"],
    &["store", "render"],
    &["context", "error"],
    &["commands"],
    &["cli", "lib", "main"],
];

/// Modules of one layer that must not know each other at all.
const STRANGERS: [(&str, &str); 2] = [("store", "render"), ("render", "store")];

/// What only some places may name, and why.
const DOORS: [(&str, &[&str], &str); 10] = [
    ("age::", &["store/journal/seal/"], "one place seals and opens"),
    ("age_core", &["store/journal/seal/"], "one place seals and opens"),
    ("git2", &["store/journal/"], "libgit2 is for the journal only"),
    ("libgit2_sys", &["store/journal/durable.rs"], "one option that git2 does not wrap"),
    ("unsafe {", &["store/journal/durable.rs"], "one audited call"),
    ("clap", &["cli.rs", "commands/"], "the command line is the face's business"),
    ("clap_complete", &["commands/completions.rs"], "completions are a verb"),
    ("clap_mangen", &["commands/man.rs"], "manual pages are a verb"),
    (
        "Command::new(\"git\")",
        &["store/project/program.rs"],
        "one door to the git program, with a scrubbed environment",
    ),
    (
        "process::Command",
        &["store/project/program.rs", "context/editor.rs", "commands/git.rs"],
        "git; the person's editor; 'git okr git', which only fills in arguments of the git door",
    ),
];

/// What pure modules may not name.
const IMPURE: [&str; 10] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::net",
    "SystemTime",
    "Utc::now",
    "Local::now",
    "Local",
    "thread::sleep",
    "getrandom",
];

const PRINTING: [&str; 5] = ["println!", "eprintln!", "print!", "eprint!", "dbg!"];

const VAGUE: [&str; 6] = ["util", "utils", "helpers", "common", "misc", "manager"];

/// Files past 300 lines without their tests, and why each is better whole.
const LONG: [(&str, &str); 6] = [
    ("model/guide.rs", "a noun with many parts, hardly any logic"),
    ("model/rule/watch.rs", "the registry: one table"),
    ("render/ui/mod.rs", "the only writer"),
    ("report/questions.rs", "eight questions, each short, read side by side"),
    ("store/journal/append.rs", "one append from lock to read-back, best read in one go"),
    ("store/journal/read.rs", "one walk serves snapshots, indexes and checks"),
];

/// A file of `src/`.
struct Source {
    /// Its path below `src/`.
    path: String,
    text: String,
    /// Its text without comments and without its inline tests.
    code: String,
    test_only: bool,
}

impl Source {
    /// The module of the crate that it belongs to.
    fn module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    /// How many modules deep it is below the crate's root.
    fn depth(&self) -> usize {
        let path = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        if path == "lib" || path == "main" { 0 } else { path.split('/').count() }
    }

    /// Modules of the crate that it names, by `crate::` or by enough `super::`.
    fn imports(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (at, _) in self.code.match_indices("crate::") {
            if !ends_in_word(&self.code[..at]) {
                heads(&self.code[at + "crate::".len()..], &mut found);
            }
        }
        let climb = "super::".repeat(self.depth());
        for (at, _) in self.code.match_indices(&climb).filter(|_| self.depth() > 0) {
            if !ends_in_word(self.code[..at].trim_end_matches(':')) {
                heads(&self.code[at + climb.len()..], &mut found);
            }
        }
        found.remove(self.module());
        found
    }
}

/// The first names of a path, or of each path in braces.
fn heads(rest: &str, found: &mut BTreeSet<String>) {
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(list) = rest.strip_prefix('{') else {
        found.insert(word(rest));
        return;
    };
    let mut depth = 0;
    let mut fresh = true;
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if fresh && depth == 0 && c.is_alphabetic() => {
                found.insert(word(&list[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Where `code` names `what` as a word of its own.
fn names(code: &str, what: &str) -> bool {
    code.match_indices(what).any(|(at, _)| {
        let after = &code[at + what.len()..];
        let ends = !what.ends_with(|c: char| c.is_alphanumeric())
            || !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        !ends_in_word(&code[..at]) && ends
    })
}

fn sources() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    gather(&src, &mut paths);
    let mut sources: Vec<Source> = paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(&src).unwrap().to_str().unwrap().to_owned();
            Source { code: code(&text), path, text, test_only: false }
        })
        .collect();
    let tests: BTreeSet<String> = sources.iter().flat_map(test_modules).collect();
    for source in &mut sources {
        let stem = source.path.trim_end_matches(".rs").trim_end_matches("/mod").to_owned();
        source.test_only = tests.iter().any(|test| stem == *test || stem.starts_with(&format!("{test}/")));
    }
    assert!(sources.len() > 80, "the sources are found");
    sources
}

/// The modules in files of their own that a file declares for tests only.
fn test_modules(source: &Source) -> Vec<String> {
    let parent = source.path.trim_end_matches(".rs");
    let parent = parent.strip_suffix("/mod").or((parent == "lib").then_some("")).unwrap_or(parent);
    let mut found = Vec::new();
    for after in source.text.split("#[cfg(test)]").skip(1) {
        let lines: Vec<&str> = after.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let named = lines.first().and_then(|line| line.strip_prefix("#[path = \"")?.strip_suffix(".rs\"]"));
        let declared = lines.iter().take(2).find_map(|line| {
            line.trim_start_matches("pub(crate) ")
                .trim_start_matches("pub(super) ")
                .strip_prefix("mod ")?
                .strip_suffix(';')
        });
        let directory = parent.rsplit_once('/').map_or("", |(directory, _)| directory);
        match (named, declared) {
            (Some(file), _) => found.push(format!("{directory}/{file}")),
            (None, Some(module)) => {
                found.push(format!("{parent}/{module}").trim_start_matches('/').to_owned());
            }
            _ => {}
        }
    }
    found
}

fn gather(dir: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, paths);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            paths.push(path);
        }
    }
}

/// A text up to its inline tests, without comments.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..end].lines().map(|line| {
        // `://` is an address, not a comment.
        let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
        comment.map_or(line, |(at, _)| &line[..at])
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

#[track_caller]
fn none(broken: Vec<String>, rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

#[test]
fn imports_lead_downward_only() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| !source.test_only) {
        let Some(own) = layer(source.module()) else {
            broken.push(format!("{}: no layer is known for '{}'", source.path, source.module()));
            continue;
        };
        for import in source.imports() {
            // Names that are no module are re-exports at the root.
            let Some(other) = layer(&import) else { continue };
            let strangers = STRANGERS.contains(&(source.module(), import.as_str()));
            if other > own || strangers {
                broken.push(format!("{} imports {import}", source.path));
            }
        }
    }
    none(broken, "imports lead downward only");
}

#[test]
fn modules_of_one_layer_form_no_cycle() {
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| !source.test_only) {
        graph.entry(source.module().to_owned()).or_default().extend(source.imports());
    }
    let mut broken = Vec::new();
    for start in graph.keys() {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&String> = graph[start].iter().collect();
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                open.extend(graph.get(next).into_iter().flatten());
            }
        }
        if seen.contains(start) {
            broken.push(format!("{start} imports itself by a detour"));
        }
    }
    none(broken, "modules form no cycle");
}

#[test]
fn verbs_do_not_import_the_face() {
    let broken =
        sources().iter().filter(|s| s.imports().contains("cli")).map(|s| s.path.clone()).collect::<Vec<_>>();
    let broken = broken.into_iter().filter(|path| path != "lib.rs" && path != "main.rs").collect();
    none(broken, "nobody imports the face");
}

#[test]
fn every_door_is_used_from_its_own_place_only() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| !source.test_only) {
        for (what, places, why) in DOORS {
            let allowed = places.iter().any(|place| source.path.starts_with(place));
            if !allowed && names(&source.code, what) {
                broken.push(format!("{} names {what} ({why})", source.path));
            }
        }
    }
    none(broken, "doors are used from their own place");
}

#[test]
fn pure_modules_touch_nothing() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| !source.test_only) {
        if layer(source.module()).is_some_and(|layer| layer < 2) {
            for what in IMPURE.iter().filter(|what| names(&source.code, what)) {
                broken.push(format!("{} names {what}", source.path));
            }
        }
    }
    none(broken, "nouns and pure modules know no file, clock, process or chance");
}

#[test]
fn nothing_prints_but_through_the_renderer() {
    let mut broken = Vec::new();
    for source in &sources() {
        for what in PRINTING.iter().filter(|what| names(&source.code, what)) {
            broken.push(format!("{} uses {what}", source.path));
        }
        if source.module() != "render"
            && (names(&source.code, "io::stdout") || names(&source.code, "io::stderr"))
        {
            broken.push(format!("{} opens a stream", source.path));
        }
    }
    none(broken, "only render/ writes");
}

#[test]
fn every_file_opens_with_a_line_that_says_what_it_is() {
    let broken =
        sources().iter().filter(|source| !source.text.starts_with("//! ")).map(|s| s.path.clone()).collect();
    none(broken, "every file opens with a '//!' line");
}

#[test]
fn names_say_what_is_inside() {
    let vague =
        |source: &&Source| source.path.trim_end_matches(".rs").split('/').any(|part| VAGUE.contains(&part));
    none(sources().iter().filter(vague).map(|s| s.path.clone()).collect(), "no vague names");
}

#[test]
fn long_files_have_a_reason() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| !source.test_only) {
        let lines = source.code.lines().count();
        let excused = LONG.iter().any(|(path, _)| *path == source.path);
        if lines > 450 || (lines > 300) != excused {
            broken.push(format!("{} has {lines} lines without its tests, excused: {excused}", source.path));
        }
    }
    none(broken, "files stay below 300 lines, or say why not, and below 450 always");
}

#[test]
fn tests_stay_readable_too() {
    let mut paths = Vec::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut paths);
    let mut broken = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        if text.lines().count() > 800 || !text.starts_with("//! ") {
            broken.push(path.display().to_string());
        }
    }
    none(broken, "a test file has at most 800 lines and says what it is");
}

#[test]
fn the_scanner_sees_what_it_has_to_see() {
    let source = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
        code: code(text),
        test_only: false,
    };
    let render = source(
        "render/view/mod.rs",
        "use super::super::store::X;\nuse crate::{model::{a, b}, report};\n// crate::cli\n",
    );
    let seen: Vec<String> = render.imports().into_iter().collect();
    assert_eq!(seen, ["model", "report", "store"]);
    assert!(names("use git2::Oid;", "git2") && !names("libgit2 git2_x", "git2"));
    assert!(names("x; println!(\"\")", "println!") && !names("eprintln!()", "println!"));
    assert!(!code("#[cfg(test)]\nmod tests {\n std::fs\n}").contains("std::fs"));
    let parent = source("harvest/mod.rs", "#[cfg(test)]\nmod testing;\n#[cfg(test)]\nmod tests {}");
    assert_eq!(test_modules(&parent), ["harvest/testing"]);
}
