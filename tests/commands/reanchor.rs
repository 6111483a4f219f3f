//! `git okr fsck --reanchor`: evidence finds its commits after rewrites, or says that it has lost them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::support::{Repo, Sandbox};

/// Operations of the randomised test in a usual run, and the variable that asks for more.
const OPERATIONS: usize = 60;
const MORE: &str = "OKR_REWRITES";

fn artifact(repo: &Repo<'_>, key: &str) -> String {
    let lines = repo.sandbox.git_journal(["grep", "-h", &format!("^{key} = "), "okr", "--", "evidence"]);
    lines.lines().map(|line| line.split('"').nth(1).unwrap_or_default()).collect::<Vec<_>>().join(" ")
}

#[test]
fn an_amended_commit_is_found_and_repaired_in_one_commit() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let old = repo.commit("a.rs", "feat: one queue for every team");
    repo.okr(["add", "One queue", "--artifact", &old]).success();
    repo.okr(["add", "Again", "--artifact", &old]).success();
    assert!(!repo.okr(["fsck"]).success().contains("links to commits"));
    repo.git(["commit", "--quiet", "--amend", "-m", "feat: one queue, reworded"]);
    let told = repo.okr(["fsck"]);
    assert!(
        told.stdout.contains("lost") && told.stderr.contains("--reanchor") && told.code == Some(0),
        "{told}"
    );
    assert!(told.stdout.contains("nothing is wrong in the journal, 2 links lost"), "{told}");
    assert!(!sandbox.okr(["fsck"]).success().contains("lost"), "only where the repository is");
    let before = sandbox.git_journal(["rev-parse", "okr"]);
    let told = repo.okr(["fsck", "--reanchor"]).success();
    assert_eq!(told.matches(" is now ").count(), 2, "{told}");
    assert!(
        told.contains("nothing is wrong in the journal, 2 links repaired") && !told.contains("lost"),
        "{told}"
    );
    let new = repo.git(["rev-parse", "HEAD"]);
    assert_eq!(artifact(&repo, "ref"), format!("{new} {new}"));
    assert_eq!(artifact(&repo, "subject"), "feat: one queue, reworded feat: one queue, reworded");
    assert_eq!(sandbox.git_journal(["rev-parse", "okr~1"]), before, "one commit for all");
    assert!(repo.okr(["fsck", "--reanchor"]).success().ends_with("2 records read, nothing is wrong\n"));
}

#[test]
fn a_dropped_commit_stays_lost_and_what_it_could_be_is_shown() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let old = repo.commit("a.rs", "feat: one queue");
    repo.okr(["add", "One queue", "--artifact", &old]).success();
    repo.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    for (told, hint) in [
        (repo.okr(["fsck"]), "hint: look for what they became: git okr fsck --reanchor"),
        (repo.okr(["fsck", "--reanchor"]), "hint: name the commit yourself: git okr edit "),
    ] {
        assert_eq!(told.code, Some(0), "a link that is lost is no fault of the journal: {told}");
        assert!(
            told.stdout.contains("in the journal, 1 link lost") && !told.stdout.contains("could be"),
            "{told}"
        );
        assert!(told.stderr.contains(hint), "{told}");
    }
    let other = repo.commit("b.rs", "feat: one queue");
    let told = repo.okr(["fsck", "--reanchor"]).success();
    assert!(told.contains(&format!("it could be {}", &other[..4])) || told.contains("it could be"), "{told}");
    assert_eq!(artifact(&repo, "ref"), old);
}

#[test]
fn what_a_graft_or_a_replacement_hides_is_not_lost() {
    let shorten = "echo $(git rev-parse HEAD~1) >.git/info/grafts";
    for script in [
        shorten,
        "git replace --graft HEAD~1",
        "git replace HEAD $(git commit-tree HEAD^{tree} -m shortened)",
    ] {
        let sandbox = Sandbox::with_journal();
        let repo = sandbox.repo("shop");
        let old = repo.commit("a.rs", "feat: one queue for every team");
        repo.okr(["add", "One queue", "--artifact", &old]).success();
        for name in ["b.rs", "c.rs", "d.rs"] {
            repo.commit(name, "feat: upon it");
        }
        let gone = repo.commit("e.rs", "feat: taken away");
        repo.okr(["add", "Away", "--artifact", &gone]).success();
        repo.git(["reset", "--quiet", "--hard", "HEAD~1"]);
        sandbox.sh(&repo.dir, &format!("mkdir -p .git/info; {script} 2>/dev/null")).silent();
        assert!(!repo.git(["rev-list", "HEAD"]).contains(&old), "{script}");
        let told = repo.okr(["fsck"]).success();
        assert!(told.contains("1 link lost") && told.contains(&gone[..10]), "{script}: {told}");
    }
}

#[test]
fn a_branch_that_landed_as_a_squash_is_found_by_its_change_and_by_its_number() {
    for by_number in [false, true] {
        let sandbox = Sandbox::with_journal();
        let repo = sandbox.repo("shop");
        repo.git(["switch", "--quiet", "-c", "topic"]);
        let (one, two) = (repo.commit("a.rs", "feat: first half"), repo.commit("b.rs", "feat: second half"));
        repo.okr(["add", "One queue", "--artifact", &one, "--artifact", &two, "--artifact", "#12"]).success();
        repo.git(["switch", "--quiet", "main"]);
        repo.commit("c.rs", "feat: meanwhile");
        repo.git(["merge", "--quiet", "--squash", "topic"]);
        if by_number {
            sandbox.sh(&repo.dir, "echo more >>a.rs && git add a.rs").silent();
        }
        repo.git(["commit", "--quiet", "-m", "feat: one queue (#12)"]);
        repo.git(["branch", "--quiet", "-D", "topic"]);
        if by_number {
            repo.git(["reflog", "expire", "--expire=now", "--all"]);
            repo.git(["gc", "--quiet", "--prune=now"]);
        }
        let told = repo.okr(["fsck", "--reanchor"]).success();
        let landed = repo.git(["rev-parse", "HEAD"]);
        assert_eq!(artifact(&repo, "ref"), format!("{landed} #12"), "{told}");
    }
}

#[test]
fn a_change_id_is_kept_and_found() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let old = repo.commit("a.rs", "feat: one queue\n\nChange-Id: I0123456789");
    repo.okr(["add", "One queue", "--artifact", &old]).success();
    assert_eq!(artifact(&repo, "change_id"), "I0123456789");
    repo.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    let new = repo.commit("b.rs", "feat: all of it anew\n\nChange-Id: I0123456789");
    repo.okr(["fsck", "--reanchor"]).success();
    assert_eq!(artifact(&repo, "ref"), new);
}

#[test]
fn what_a_filter_says_it_made_is_believed() {
    let sandbox = Sandbox::with_journal();
    let repo = sandbox.repo("shop");
    let old = repo.commit("a.rs", "feat: one queue");
    repo.okr(["add", "One queue", "--artifact", &old]).success();
    sandbox.sh(&repo.dir, "git mv a.rs moved.rs && git commit --quiet --amend --no-edit --date=now").silent();
    let new = repo.git(["rev-parse", "HEAD"]);
    let map = repo.dir.join(".git/filter-repo/commit-map");
    std::fs::create_dir_all(map.parent().unwrap()).unwrap();
    std::fs::write(map, format!("old                                      new\n{old} {new}\n")).unwrap();
    repo.okr(["fsck", "--reanchor"]).success();
    assert_eq!(artifact(&repo, "ref"), new);
}

#[test]
fn what_a_filter_made_of_every_commit_is_found_though_it_keeps_every_date() {
    let into = "mkdir sub; for f in *; do test $f = sub || mv $f sub/; done";
    for (filter, with_past) in [
        ("--msg-filter 'sed \"1s/^/shop: /\"'", true),
        ("--msg-filter 'sed \"1s/^/shop: /\"'", false),
        (&*format!("--tree-filter '{into}'"), true),
    ] {
        let sandbox = Sandbox::with_journal();
        let repo = sandbox.repo("shop");
        let names = ["a", "b", "c", "d", "e"];
        for name in names {
            let id = repo.commit(&format!("{name}.rs"), &format!("feat: part {name}"));
            repo.okr(["add", name, "--artifact", &id]).success();
        }
        let subjects = ["feat: part a", "feat: part b", "feat: part c", "feat: part d", "feat: part e"];
        sandbox
            .sh(
                &repo.dir,
                &format!(
                    "FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f {filter} -- --all >/dev/null 2>&1"
                ),
            )
            .silent();
        // The copy that the filter keeps is no branch.
        assert_eq!(repo.okr(["fsck"]).stdout.matches(" lost").count(), 5 + 1);
        if !with_past {
            repo.git(["update-ref", "-d", "refs/original/refs/heads/main"]);
            repo.git(["reflog", "expire", "--expire=now", "--all"]);
            repo.git(["gc", "--quiet", "--prune=now"]);
        }
        let told = repo.okr(["fsck", "--reanchor"]).success();
        assert_eq!(told.matches(" is now ").count(), 5, "{filter}: {told}");
        for (name, subject) in names.iter().zip(subjects) {
            let line = format!("^title = .{name}.$");
            let file = sandbox.git_journal(["grep", "-l", &line, "okr", "--", "evidence"]);
            let record = sandbox.git_journal(["show", file.trim()]);
            assert!(record.contains(subject), "{name}: {record}");
        }
    }
}

#[test]
fn of_what_stays_lost_without_a_hook_the_likeliest_are_shown_and_none_is_taken() {
    let half =
        |from: usize, upto: usize| (from..upto).map(|n| format!("line number {n}\\n")).collect::<String>();
    let (first, second) = (half(0, 9), half(9, 20));
    let squash = "GIT_SEQUENCE_EDITOR='sed -i 2s/pick/squash/' GIT_EDITOR=true git rebase --quiet -i HEAD~2 2>&1; \
                  echo more >>b.rs; git commit --quiet -a --amend --no-edit";
    let amend = "echo more >>b.rs; git add -A; git commit --quiet --amend -m 'feat: other words'".to_owned();
    let split = format!(
        "git reset --quiet --hard HEAD~1; printf '{first}' >b.rs; git add -A; git commit --quiet -m 'feat: one'; \
         sleep 1; printf '{second}' >>b.rs; git add -A; git commit --quiet -m 'feat: other'; \
         echo far >far.rs; git add -A; git commit --quiet -m 'feat: far from it'"
    );
    for (name, script, shown) in [
        ("squash", squash.to_owned(), vec!["HEAD"]),
        ("amend", amend, vec!["HEAD"]),
        ("split", split, vec!["HEAD~1", "HEAD~2"]),
    ] {
        let sandbox = Sandbox::with_journal();
        let repo = sandbox.repo("shop");
        repo.commit("a.rs", "feat: first things first");
        sandbox.sh(&repo.dir, &format!("printf '{first}{second}' >b.rs; git add b.rs")).silent();
        let old = repo.commit("c.rs", "feat: one queue for every team");
        repo.okr(["add", "One queue", "--artifact", &old]).success();
        sandbox.sh(&repo.dir, &script).success();
        let told = repo.okr(["fsck", "--reanchor", "--format", "json"]);
        let told: serde_json::Value = serde_json::from_slice(&told.raw).unwrap();
        let link = &told["data"]["links"]["lost"][0];
        let shown: Vec<String> = shown.iter().map(|rev| repo.git(["rev-parse", rev])).collect();
        assert_eq!(link["candidates"], serde_json::json!(shown), "{name}: {link}");
        assert_eq!(artifact(&repo, "ref"), old, "{name}");
    }
}

/// The operation that filters the whole history.
const FILTER: usize = 13;

/// Numbers from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).unwrap()
    }
}

/// A repository whose commits each add lines that nobody else adds: what a commit is, its lines say.
struct World {
    sandbox: Sandbox,
    dir: PathBuf,
    dice: Dice,
    works: usize,
}

/// What came of it.
#[derive(Debug, Default)]
struct Score {
    operations: usize,
    right: usize,
    missed: usize,
    gone: usize,
}

impl World {
    fn new(seed: u64) -> Self {
        let sandbox = Sandbox::with_journal();
        let dir = sandbox.repo("shop").dir;
        let world = Self { sandbox, dir, dice: Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1), works: 0 };
        if seed.is_multiple_of(2) {
            world.sh("git-okr hooks install 2>/dev/null");
        }
        world
    }

    /// Runs a script of one second; it may fail where git refuses.
    fn sh(&self, script: &str) -> String {
        let output = self.sandbox.command("sh", &self.dir).args(["-c", script]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A script that makes a commit of one or two new works; some share words and second with the one before.
    fn work(&mut self, subject: &str) -> String {
        let mut script = String::new();
        let mut words = Vec::new();
        for _ in 0..=self.dice.roll(2) {
            self.works += 1;
            let file = [format!("f{}", self.works), "shared".to_owned()][self.dice.roll(2)].clone();
            script += &format!("echo w{} >>{file}; ", self.works);
            words.push(format!("w{}", self.works));
        }
        let title = words.join(" ");
        script
            + &format!(
                "git add -A && git commit --quiet -m '{subject}' && echo \"{title}:$(git rev-parse HEAD)\"; "
            )
    }

    /// A topic of a few commits, each with evidence.
    fn topic(&mut self) {
        let twins = self.dice.roll(3) == 0;
        let mut made =
            self.sh("git switch --quiet main 2>/dev/null; git switch --quiet -C topic").trim().to_owned();
        let mut script = String::new();
        for number in 0..2 + self.dice.roll(3) {
            let subject =
                if twins { "feat: the same words".to_owned() } else { format!("feat: step {number}") };
            script += &self.work(&subject);
            if !twins {
                made += &self.sh(&script);
                script.clear();
            }
        }
        made += &self.sh(&script);
        let add = |line: &str| {
            let (title, id) = line.split_once(':')?;
            Some(format!("git-okr add '{title}' --artifact {id} 2>/dev/null;"))
        };
        self.sh(&made.lines().filter_map(add).collect::<String>());
    }

    /// One way to rewrite the topic; true where everything was, and a person would look at once.
    fn rewrite(&mut self) -> bool {
        let edit = |script: &str| {
            format!(
                "GIT_EDITOR=true GIT_SEQUENCE_EDITOR='sed -i {script}' git rebase --quiet -i main >/dev/null 2>&1 || git rebase --abort 2>/dev/null"
            )
        };
        let kind = self.dice.roll(15);
        let script = match kind {
            0 => "echo more >>more; git add -A; git commit --quiet --amend --no-edit".into(),
            1 => "git commit --quiet --amend -m 'feat: other words'".into(),
            2 => "git switch --quiet main; echo x >>main; git add -A; git commit --quiet -m 'chore: main'; \
                  git rebase --quiet main topic >/dev/null 2>&1 || git rebase --abort"
                .into(),
            3 => edit("\"1{h;d};2G\""),
            4 => edit(["2s/pick/fixup/", "2s/pick/squash/", "s/pick/squash/2g;2,\\$s/pick/squash/"][self.dice.roll(3)]),
            5 => edit(["1d", "2d"][self.dice.roll(2)]),
            6 => "git reset --quiet --soft HEAD~1; f=$(git diff --cached --name-only | head -1); git stash --quiet; \
                  git checkout --quiet stash@{0} -- \"$f\"; git commit --quiet -C ORIG_HEAD 2>/dev/null || \
                  git commit --quiet -m 'feat: first part'; git stash pop --quiet 2>/dev/null; git add -A; \
                  git commit --quiet -m 'feat: the rest' 2>/dev/null; git stash drop --quiet 2>/dev/null"
                .into(),
            7 => "git switch --quiet -C other main; git cherry-pick main..topic >/dev/null 2>&1 || git cherry-pick --abort; \
                  git branch --quiet -D topic; git branch --quiet -m topic"
                .into(),
            8 => "git reset --quiet --soft HEAD~1; git commit --quiet -m 'feat: written anew'".into(),
            9 => {
                let number = self.works;
                let (one, land) = (self.dice.roll(2), "git switch --quiet main; git merge --quiet --squash topic >/dev/null 2>&1");
                let more = if one == 0 { "" } else { "echo on top >>top; git add -A;" };
                format!("{land}; {more} git commit --quiet -m 'feat: landed (#{number})'; git branch --quiet -D topic; git switch --quiet -c topic")
            }
            10 => "rm -rf ../mirror; git clone --quiet . ../mirror 2>/dev/null; cd ../mirror; git config user.name m; \
                   GIT_EDITOR='sed -i \"1s/$/ too/\"' GIT_SEQUENCE_EDITOR='sed -i 1s/pick/reword/' \
                   git rebase --quiet -i origin/main >/dev/null 2>&1; \
                   cd ../shop; git fetch --quiet ../mirror topic && git reset --quiet --hard FETCH_HEAD"
                .into(),
            11 => "git switch --quiet main; for f in $(git diff --name-only main topic | head -1); do echo other >$f; done; \
                   git add -A; git commit --quiet -m 'chore: in the way'; GIT_EDITOR=true GIT_SEQUENCE_EDITOR='sed -i 3s/pick/fixup/' \
                   git rebase --quiet -i main topic >/dev/null 2>&1; \
                   while test -d .git/rebase-merge; do git rebase --skip >/dev/null 2>&1 || test -d .git/rebase-merge || break; done"
                .into(),
            12 => "git reset --quiet --hard HEAD~1".into(),
            FILTER => {
                let into = self.works;
                let filter = [
                    "--msg-filter 'sed \"1s/^/shop: /\"' -- main..topic".to_owned(),
                    "--msg-filter 'sed \"1s/^/shop: /\"' -- main topic".to_owned(),
                    format!("--tree-filter 'mkdir .moved; mv * .moved; mv .moved in{into}' -- main topic"),
                ][self.dice.roll(3)]
                .clone();
                let after = ["", "git for-each-ref --format='delete %(refname)' refs/original | git update-ref --stdin"]
                    [self.dice.roll(2)];
                format!("FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f {filter} >/dev/null 2>&1; {after}")
            }
            _ => "git reflog expire --expire=now --all; git gc --quiet --prune=now 2>/dev/null".into(),
        };
        self.sh(&script);
        kind == FILTER
    }

    /// What each commit adds, by its lines alone.
    fn truth(&self) -> BTreeMap<String, BTreeSet<String>> {
        let log = self.sh("git log --branches --tags HEAD --format=%x00%H -p -U0 --no-renames");
        let commit = |part: &str| {
            let (id, diff) = part.split_once('\n').unwrap_or((part, ""));
            let added =
                diff.lines().filter_map(|line| line.strip_prefix("+w")).map(|rest| format!("w{rest}"));
            (id.to_owned(), added.collect())
        };
        log.split('\0').skip(1).map(commit).collect()
    }

    /// Repairs, and judges every link.
    fn judge(&self, score: &mut Score, seed: u64) {
        self.sh("git-okr fsck --reanchor >/dev/null 2>&1");
        let truth = self.truth();
        let journal = self.sandbox.git_journal(["grep", "-E", "^(title|ref) = ", "okr", "--", "evidence"]);
        let mut title = Vec::new();
        for line in journal.lines() {
            let value = line.split('"').nth(1).unwrap_or_default();
            if line.contains(":title = ") {
                title = value.split(' ').map(str::to_owned).collect();
                continue;
            }
            let adds = |lines: &BTreeSet<String>| title.iter().any(|work| lines.contains(work));
            match truth.get(value) {
                Some(lines) => {
                    assert!(adds(lines), "seed {seed}: {title:?} is linked to {value}, which adds {lines:?}");
                    score.right += 1;
                }
                None if truth.values().any(adds) => score.missed += 1,
                None => score.gone += 1,
            }
        }
    }
}

/// Plays until `operations` rewrites are done.
fn play(operations: usize, seeds: impl Iterator<Item = u64>) -> Score {
    let mut score = Score::default();
    for seed in seeds {
        let mut world = World::new(seed);
        for _ in 0..3 {
            world.topic();
            for _ in 0..3 + world.dice.roll(6) {
                let filtered = world.rewrite();
                score.operations += 1;
                if filtered || world.dice.roll(5) == 0 {
                    world.judge(&mut score, seed);
                }
            }
            world.judge(&mut score, seed);
            world.sh("git switch --quiet main && git merge --quiet --ff-only topic 2>/dev/null; git switch --quiet topic 2>/dev/null");
        }
        if score.operations >= operations {
            break;
        }
    }
    score
}

#[test]
fn random_rewrites_never_lead_to_a_wrong_link() {
    let operations = std::env::var(MORE).ok().and_then(|text| text.parse().ok()).unwrap_or(OPERATIONS);
    let begun = Instant::now();
    let scores: Vec<Score> = std::thread::scope(|scope| {
        let half = |first: u64| scope.spawn(move || play(operations.div_ceil(2), (first..).step_by(2)));
        let halves = [half(0), half(1)];
        halves.into_iter().map(|half| half.join().unwrap()).collect()
    });
    let sum = |of: fn(&Score) -> usize| scores.iter().map(of).sum::<usize>();
    let (right, missed) = (sum(|score| score.right), sum(|score| score.missed));
    let told = format!(
        "{} rewrites: {right} links right, {missed} lost though their work is there, {} gone, {:?}\n",
        sum(|score| score.operations),
        sum(|score| score.gone),
        Duration::from_secs(begun.elapsed().as_secs()),
    );
    std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes()).unwrap();
    assert!(sum(|score| score.operations) >= operations);
    assert!(right > 2 * missed, "{told}");
}
