//! Pages of `docs/` that the program writes, and links between them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Sandbox;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `OKR_WRITE=1 cargo test reference` writes the page instead.
#[test]
fn the_reference_page_is_what_the_program_prints() {
    let printed = Sandbox::new().okr(["reference"]).success();
    let page = root().join("docs/reference/cli.md");
    if std::env::var_os("OKR_WRITE").is_some() {
        fs::create_dir_all(page.parent().unwrap()).unwrap();
        fs::write(&page, &printed).unwrap();
    }
    let written = fs::read_to_string(&page).unwrap_or_default();
    let first = printed.lines().zip(written.lines()).find(|(a, b)| a != b);
    assert!(
        printed == written,
        "docs/reference/cli.md is behind; first difference: {first:?}. OKR_WRITE=1 mends it"
    );
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut pages =
        vec![root().join("README.md"), root().join("CHANGELOG.md"), root().join("CONTRIBUTING.md")];
    pages.retain(|page| page.exists());
    gather(&root().join("docs"), &mut pages);
    assert!(!pages.is_empty(), "there are pages");
    let mut dead = Vec::new();
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        for link in links(&text) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !page.parent().unwrap().join(file).exists() {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(dead.is_empty(), "links to nowhere:\n{}", dead.join("\n"));
}

#[test]
fn links_are_found_and_addresses_are_none() {
    let text =
        "[a](b.md) `[x](no.md)` [web](https://example.com) ![p](c/d.png)\n```\n[y](no.md)\n```\n[e](f.md#g)";
    assert_eq!(links(text), ["b.md", "c/d.png", "f.md#g"]);
}

fn gather(dir: &Path, pages: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, pages);
        } else if path.extension().is_some_and(|ext| ext == "md") {
            pages.push(path);
        }
    }
}

/// The targets of links in Markdown, outside code, that are no web addresses.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        // Every second part between backticks is code.
        for part in line.split('`').step_by(2).filter(|_| !fenced) {
            for after in part.split("](").skip(1) {
                let target = after.split(')').next().unwrap_or_default();
                if !target.contains("://") && !target.starts_with("mailto:") {
                    links.push(target.to_owned());
                }
            }
        }
    }
    links
}
