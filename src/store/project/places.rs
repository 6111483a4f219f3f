//! Which directories a list of paths and wildcards names: `~/code/*`, `/srv/shop`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// What the entries of a list name on this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Directories, in the order of the list; a wildcard's in the order of their names.
    pub dirs: Vec<PathBuf>,
    /// Entries that name nothing, and why.
    pub missing: Vec<(String, &'static str)>,
}

/// The directories that `entries` name. A plain path is taken at its word; a wildcard only finds repositories.
pub fn places<'e>(entries: impl IntoIterator<Item = &'e str>, home: Option<&Path>) -> Places {
    let mut places = Places::default();
    for entry in entries.into_iter().map(str::trim).filter(|entry| !entry.is_empty()) {
        let path = match (entry.strip_prefix('~').map(|rest| rest.strip_prefix('/')), home) {
            (Some(Some(rest)), Some(home)) => home.join(rest),
            (None, _) => PathBuf::from(entry),
            _ => PathBuf::new(),
        };
        let mut miss = |why| places.missing.push((entry.to_owned(), why));
        if !path.is_absolute() {
            miss("neither an absolute path nor one below '~/'");
        } else if !is_pattern(path.as_os_str()) {
            if path.is_dir() { places.dirs.push(path) } else { miss("there is no such directory") }
        } else {
            let mut found = matching(&path);
            found.retain(|dir| is_repository(dir));
            if found.is_empty() {
                miss("no repository is there");
            }
            places.dirs.extend(found);
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    places.dirs.retain(|dir| seen.insert(dir.clone()));
    places
}

fn is_pattern(text: &OsStr) -> bool {
    text.as_encoded_bytes().iter().any(|byte| matches!(byte, b'*' | b'?'))
}

/// Directories that a path with wildcards names, by name.
fn matching(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in pattern.components() {
        match part {
            Component::Normal(name) if is_pattern(name) => {
                found = found.iter().flat_map(|dir| children(dir, name)).collect();
            }
            part => found.iter_mut().for_each(|dir| dir.push(part)),
        }
    }
    found
}

/// The directories in `dir` whose names match; what is hidden has to be asked for, as in a shell.
fn children(dir: &Path, pattern: &OsStr) -> Vec<PathBuf> {
    let pattern = pattern.to_string_lossy();
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with('.') == pattern.starts_with('.') && matches(&pattern, &name)
        })
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

/// True when `name` is what a pattern of `*` and `?` says. Linear but for the last star.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                n = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// True for the top of a repository. A plain directory may lie in a repository that is not meant, such as one of the
/// whole home.
fn is_repository(dir: &Path) -> bool {
    let bare = ["HEAD", "objects", "refs"];
    dir.join(".git").exists() || bare.iter().all(|name| dir.join(name).exists())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{matches, places};

    #[test]
    fn wildcards_match_as_in_a_shell() {
        for (pattern, name, expected) in [
            ("*", "shop", true),
            ("sh?p", "shop", true),
            ("sh?p", "shp", false),
            ("*-api", "shop-api", true),
            ("*-api", "shop-apis", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("?", "é", true),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn lists_name_directories_once_and_say_what_is_missing() {
        let home = tempfile::tempdir().unwrap();
        for dir in ["code/shop/.git", "code/web/.git", "code/notes", "code/.hidden/.git", "other"] {
            fs::create_dir_all(home.path().join(dir)).unwrap();
        }
        let found = places(
            ["~/code/*", "~/code/shop", "~/other", "~/gone", "code", "~bob/x", "~/c?de/x*"],
            Some(home.path()),
        );
        let named: Vec<_> =
            found.dirs.iter().map(|dir| dir.strip_prefix(home.path()).unwrap().to_str().unwrap()).collect();
        assert_eq!(named, ["code/shop", "code/web", "other"]);
        let missing: Vec<_> = found.missing.iter().map(|(entry, _)| entry.as_str()).collect();
        assert_eq!(missing, ["~/gone", "code", "~bob/x", "~/c?de/x*"]);
    }
}
