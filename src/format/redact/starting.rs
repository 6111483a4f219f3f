//! Rules to start from: what a journal names that an export may not.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::format::export::Document;

/// What was found, by category.
#[derive(Debug, Default)]
struct Named {
    people: BTreeSet<String>,
    repositories: BTreeSet<String>,
    hosts: BTreeSet<String>,
}

/// A rules file with everyone and everything that the documents name, and a word on what else there is.
pub fn starting_rules(documents: &[Document]) -> String {
    let mut named = Named::default();
    for document in documents {
        find("", &Json::Object(document.value.clone()), &mut named);
    }
    let list = |names: &BTreeSet<String>| -> String {
        let lines = names.iter().map(|name| format!("    {},\n", toml_edit::Value::from(name.as_str())));
        lines.collect()
    };
    format!(
        "# What an export must not say: git okr export --redact <this file>\n\
         # Everything below is found in any case, percent-encoded, split by hyphens or underscores, and within longer words.\n\
         # One word has one pseudonym, in this export and in the next. Several names of one thing stand in brackets:\n\
         #     people = [[\"Ada Lovelace\", \"Ada\", \"alovelace\"], \"Grace Hopper\"]\n\
         # Read it through: names that only stand in prose are not known here.\n\n\
         # Pseudonyms are keyed by a secret that stays with the journal. A secret of your own, 16 characters or more, gives\n\
         # the same ones on every machine; whoever has it can undo them by guessing.\n\
         # secret = \"\"\n\n\
         people = [\n{}]\nrepositories = [\n{}]\nhosts = [\n{}]\n\n\
         # Products, projects, customers, anything else.\n\
         words = []\n\n\
         # Numbers as they are written: \"410ms\", \"1,200,000\". Every measured value goes with: measurements = true\n\
         numbers = []\n\
         measurements = false\n\n\
         # Words that may stay although a listed one is in them.\n\
         keep = []\n\n\
         # Whole links, e-mail addresses, ids of commits.\n\
         links = true\naddresses = true\ncommits = true\n\n\
         # [[pattern]]\n\
         # name = \"ticket\"\n\
         # regex = '[A-Z]{{2,5}}-[0-9]+'\n",
        list(&named.people),
        list(&named.repositories),
        list(&named.hosts),
    )
}

fn find(key: &str, value: &Json, named: &mut Named) {
    match value {
        Json::String(text) => {
            let told = text.chars().filter(|c| c.is_alphanumeric()).count() > 1;
            match key {
                "adopters" | "owner" | "author" if told => _ = named.people.insert(text.clone()),
                "repo" if told => _ = named.repositories.insert(text.clone()),
                _ => {}
            }
            let host =
                text.split_once("://").map(|(_, rest)| rest).or((key == "repo").then_some(text.as_str()));
            let host = host.and_then(|rest| rest.split(['/', '?', '#', ':']).next());
            let host = host.and_then(|host| host.rsplit('@').next());
            named.hosts.extend(host.filter(|host| host.contains('.')).map(str::to_lowercase));
        }
        Json::Array(items) => items.iter().for_each(|item| find(key, item, named)),
        Json::Object(object) => {
            let is_person = object.get("type").is_some_and(|kind| kind == "person");
            for (key, value) in object {
                let key = if is_person && key == "ref" { "author" } else { key };
                find(key, value, named);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::Rules;
    use super::starting_rules;
    use crate::format::export::Document;

    #[test]
    fn what_a_journal_names_is_listed_and_the_rules_can_be_followed() {
        let text = "adopters = [\"Search\", \"-\", \"a\\\"b\\n\"]\n[[artifact]]\ntype = \"person\"\nref = \"Ada\"\n\
                    [[artifact]]\ntype = \"commit\"\nref = \"1a2b3c4\"\nrepo = \"github.com/acme/x\"\nauthor = \"b@c.test\"\n\
                    url = \"https://Git.acme.test:8443/x\"\n";
        let rules = starting_rules(&[Document::read("evidence/x.toml", text).unwrap()]);
        for line in [
            "    \"Ada\",",
            "\"Search\"",
            "\"b@c.test\"",
            "\"github.com/acme/x\"",
            "\"git.acme.test\"",
            "\"github.com\"",
        ] {
            assert!(rules.contains(line), "{line} in\n{rules}");
        }
        let read = Rules::decode(&rules).unwrap();
        assert_eq!((read.people.len(), read.repositories.len(), read.hosts.len()), (4, 1, 2));
        assert!(Rules::decode(&starting_rules(&[])).unwrap().links);
    }
}
