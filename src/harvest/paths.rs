//! What a path holds: production code, or something that says less about a change.

use crate::model::project::FileChange;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Code and configuration that ships.
    Production,
    /// Tests and benchmarks.
    Test,
    /// Documentation.
    Docs,
    /// Pipelines and repository housekeeping.
    Ci,
    /// Written by a program, or copied from elsewhere: lock files, vendored code, snapshots, fixtures.
    Generated,
    /// The list of changes, which is about the work and not part of it.
    Changelog,
}

const CHANGELOGS: &str = "changelog changes history news relnotes releases release-notes";
/// Endings of lists that a tool makes pages of, as Maven does of `src/changes/changes.xml`.
const LIST_ENDS: &str = "xml yml yaml";
const LOCKS: &str = "cargo.lock package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml go.sum poetry.lock uv.lock \
    pipfile.lock gemfile.lock composer.lock bun.lockb bun.lock flake.lock mix.lock pubspec.lock deno.lock \
    packages.lock.json gradle.lockfile podfile.lock .terraform.lock.hcl";
const GENERATED_DIRS: &str = "vendor vendored third_party third-party thirdparty node_modules snapshots __snapshots__ fixtures \
    __fixtures__ testdata test-data test_data goldens golden generated dist corpus cassettes";
const GENERATED_ENDS: &str = ".snap .snap.new .min.js .min.css .map .pb.go .pb.h .pb.cc _pb2.py _pb2_grpc.py _pb2.pyi .g.dart \
    .generated.ts .generated.rs .golden .svg .po .pot";
const TEST_DIRS: &str = "test tests testing spec specs __tests__ e2e bench benches benchmark benchmarks";
const TEST_ENDS: &str = "_test _tests .test .tests _spec .spec -test .bench _bench";
const DOCS_DIRS: &str = "doc docs documentation man guides adr rfcs rfc";
const DOCS_ENDS: &str = "md mdx markdown rst adoc asciidoc txt tex 1";
const DOCS_NAMES: &str = "readme license licence copying authors contributing notice";
const CI_DIRS: &str = ".github .gitlab .circleci .buildkite .azure-pipelines .ci ci .husky";
const CI_NAMES: &str = ".gitlab-ci.yml .travis.yml appveyor.yml .appveyor.yml azure-pipelines.yml jenkinsfile \
    .pre-commit-config.yaml .gitignore .gitattributes .editorconfig .mailmap renovate.json renovate.json5 \
    codecov.yml .codecov.yml lefthook.yml .rustfmt.toml rustfmt.toml bors.toml";

/// What a file that was changed is for: by what is known of it, otherwise by its path.
pub fn class_of(file: &FileChange) -> Class {
    if file.generated { Class::Generated } else { classify(file.path.raw()) }
}

/// What the file at `path` is for; the first class that fits, from the least telling up.
pub fn classify(path: &str) -> Class {
    let path = path.to_ascii_lowercase();
    let (dirs, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let (stem, ending) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((name, ""));
    let under = |names: &str| dirs.split('/').any(|dir| among(names, dir));
    let prose = ending.is_empty() || among(DOCS_ENDS, ending);
    // Small notes that a release tool collects later are the list of changes too.
    let is_list = among(CHANGELOGS, stem) && (prose || among(LIST_ENDS, ending));
    if is_list || under("changelog.d .changeset .changes newsfragments") {
        Class::Changelog
    } else if among(LOCKS, name)
        || under(GENERATED_DIRS)
        || GENERATED_ENDS.split(' ').any(|end| name.ends_with(end))
        || stem.ends_with("_generated")
    {
        Class::Generated
    } else if among(CI_NAMES, name) || under(CI_DIRS) {
        Class::Ci
    } else if under(TEST_DIRS)
        || TEST_ENDS.split(' ').any(|end| stem.ends_with(end))
        || (stem.starts_with("test_") && ending == "py")
        || matches!(name, "tests.rs" | "test.rs" | "conftest.py")
    {
        Class::Test
    } else if under(DOCS_DIRS)
        || among(DOCS_NAMES, stem)
        || (prose && !ending.is_empty() && !is_build_text(name))
    {
        Class::Docs
    } else {
        Class::Production
    }
}

/// True when `word` is one of `list`; nothing is not.
fn among(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split(' ').any(|other| other == word)
}

/// Text files that steer a build.
fn is_build_text(name: &str) -> bool {
    matches!(name, "cmakelists.txt" | "meson_options.txt") || name.starts_with("requirements")
}

#[cfg(test)]
mod tests {
    use super::{Class, classify};

    #[test]
    fn paths_have_a_class() {
        use Class::{Changelog, Ci, Docs, Generated, Production, Test};
        for (path, class) in [
            ("src/main.rs", Production),
            ("Cargo.toml", Production),
            ("src/testament.rs", Production),
            ("src/contest/mod.rs", Production),
            ("Makefile", Production),
            ("CMakeLists.txt", Production),
            ("requirements-dev.txt", Production),
            (".profile", Production),
            ("src/latest.rs", Production),
            ("src/history.rs", Production),
            ("tests/cli.rs", Test),
            ("src/parser/tests.rs", Test),
            ("pkg/queue/queue_test.go", Test),
            ("web/app.spec.ts", Test),
            ("tests/test_x.py", Test),
            ("benches/sort.rs", Test),
            ("Test/Unit.cs", Test),
            ("README.md", Docs),
            ("docs/logo.png", Docs),
            ("LICENSE-MIT.txt", Docs),
            ("doc/rg.1", Docs),
            ("LICENSE", Docs),
            (".github/workflows/ci.yml", Ci),
            (".github/pull_request_template.md", Ci),
            ("ci/build.sh", Ci),
            (".gitignore", Ci),
            ("Jenkinsfile", Ci),
            ("Cargo.lock", Generated),
            ("web/yarn.lock", Generated),
            ("vendor/zlib/inflate.c", Generated),
            ("tests/snapshots/a.snap", Generated),
            ("src/api/v1.pb.go", Generated),
            ("testdata/README.md", Generated),
            ("static/app.min.js", Generated),
            ("CHANGELOG.md", Changelog),
            ("doc/CHANGES", Changelog),
            ("NEWS", Changelog),
            ("src/changes/changes.xml", Changelog),
            ("src/changes/changes.rs", Production),
            (".changeset/green-owls.md", Changelog),
            ("", Production),
        ] {
            assert_eq!(classify(path), class, "{path}");
        }
    }
}
