//! What was kept and dismissed moves later suggestions, and says so.

use crate::support::Sandbox;

#[test]
fn ten_verdicts_teach_what_is_kept() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    for number in 0..6 {
        repo.commit(&format!("src/parser/{number}.rs"), &format!("feat(parser): accept form {number}"));
        repo.commit(&format!("src/site/{number}.rs"), &format!("feat(site): draw page {number}"));
    }
    let list = repo.okr(["inbox", "--list", "--all", "--apart", "--format", "json"]).list();
    for one in list {
        let verb = if one["title"].as_str().unwrap().contains("form") { "accept" } else { "dismiss" };
        repo.okr(["inbox", verb, one["id"].as_str().unwrap()]).success();
    }
    let verdict = sandbox.git_journal(["grep", "-h", "traits", "okr"]);
    assert!(verdict.contains("area:parser") && verdict.contains("scope:site"), "{verdict}");
    repo.commit("src/parser/more.rs", "feat(parser): accept one more");
    repo.commit("src/site/more.rs", "feat(site): draw one more");
    let list = repo.okr(["inbox", "--list", "--all", "--apart", "--format", "json"]).list();
    let taste = |title: &str| {
        let one = list.iter().find(|one| one["title"] == title).expect(title);
        let signal = one["signals"].as_array().unwrap().iter().find(|one| one["name"] == "taste").unwrap();
        (signal["points"].as_f64().unwrap(), signal["why"].as_str().unwrap().to_owned())
    };
    let (kept, why) = taste("Accept one more");
    assert!(kept > 1.0 && why.contains("you kept 6 of 6"), "{kept} {why}");
    let (dismissed, why) = taste("Draw one more");
    assert!(dismissed < -1.0 && why.contains("you kept 0 of 6"), "{dismissed} {why}");
}
