//! Finding, opening and creating journals: a private bare repository, or a branch in somebody's repository.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, RepositoryInitOptions};

use super::append::{self, Transaction};
use super::{Journal, JournalError, durable, layout};
use crate::format::version::{self, Header};
use crate::model::Revision;
use crate::store::git_config::Committer;
use crate::store::local_file;

/// Whether a journal has a repository of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// A bare repository of its own, which no push, clone or gc of a code repository can touch.
    Private,
    /// A branch in a repository that holds other things too.
    Here,
}

/// Where a journal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The git directory (for linked worktrees, the common one).
    pub dir: PathBuf,
    /// The branch, without `refs/heads/`.
    pub branch: String,
    /// Whether the repository is the journal's own.
    pub home: Home,
}

impl Location {
    /// What is wrong where no journal can be opened.
    pub fn missing(&self) -> JournalError {
        if self.dir.exists() && !self.dir.is_dir() {
            JournalError::NoDirectory(self.dir.clone())
        } else {
            JournalError::Vanished(self.dir.clone())
        }
    }

    /// The directory for local state, whether the journal can be opened or not.
    pub fn state_dir(&self) -> PathBuf {
        self.dir.join("okr")
    }
}

impl Journal {
    /// Opens the journal at a location.
    pub fn open(location: &Location) -> Result<Self, JournalError> {
        let journal = Self::open_repository(location)?;
        if journal.tip_id()?.is_none() {
            return Err(JournalError::NoBranch(location.dir.clone(), location.branch.clone()));
        }
        Ok(journal)
    }

    pub(super) fn open_repository(location: &Location) -> Result<Self, JournalError> {
        durable::enable();
        let branch = format!("refs/heads/{}", location.branch);
        if !git2::Reference::is_valid_name(&branch) {
            return Err(JournalError::NotOurs(location.branch.clone()));
        }
        let repo = Repository::open(&location.dir).map_err(|error| match error.code() {
            ErrorCode::NotFound => location.missing(),
            _ => JournalError::Format(explain_format(error.message())),
        })?;
        Ok(Self {
            repo,
            dir: location.dir.clone(),
            branch,
            home: location.home,
            keys: super::Keyring::default(),
        })
    }

    /// Opens the place of a journal that is still to come from elsewhere, creating the repository where none is. The
    /// answer says whether it was created.
    pub fn open_unborn(location: &Location) -> anyhow::Result<(Self, bool)> {
        let fresh = location.home == Home::Private && !location.dir.join("HEAD").exists();
        if fresh {
            create_repository(location)?;
        }
        Ok((Self::open_repository(location)?, fresh))
    }

    /// True when there is a journal on the branch, or was one.
    pub fn is_born(&self) -> Result<bool, JournalError> {
        Ok(self.tip_id()?.is_some() || self.state_dir().join("journal").exists())
    }

    /// True when the repository at `dir` holds a journal on `branch`, or held one of which the branch is gone or
    /// damaged: writing elsewhere instead would split the journal in silence. Repositories that libgit2 cannot open
    /// hold none.
    pub fn lives_in(dir: &Path, branch: &str) -> bool {
        let location = Location { dir: dir.to_owned(), branch: branch.to_owned(), home: Home::Here };
        let marked = || fs::read_to_string(dir.join("okr/journal")).is_ok_and(|id| !id.trim().is_empty());
        // Most repositories have no such branch: look at the two places where it could be before opening anything.
        if !dir.join("refs/heads").join(branch).exists()
            && !fs::read_to_string(dir.join("packed-refs"))
                .is_ok_and(|refs| refs.contains(&format!("refs/heads/{branch}")))
        {
            return marked();
        }
        match Self::open(&location).and_then(|journal| journal.header(&journal.tip()?)) {
            Ok(_) => true,
            Err(JournalError::Object(_) | JournalError::Ref(..)) => marked(),
            Err(_) => false,
        }
    }

    /// Opens the journal at a location, creating what is missing. The answer says whether it was created.
    pub fn open_or_create(
        location: &Location,
        header: &Header,
        guide: &str,
        who: &Committer,
        sign: Option<append::Signer<'_>>,
    ) -> anyhow::Result<(Self, bool)> {
        if location.home == Home::Private && !location.dir.join("HEAD").exists() {
            create_repository(location)?;
        }
        let journal = Self::open_repository(location)?;
        if journal.tip_id()?.is_some() {
            journal.header(&journal.tip()?)?;
            return Ok((journal, false));
        }
        // A journal that once was here must not get a second root: that would amputate its history in silence.
        if journal.state_dir().join("journal").exists() {
            return Err(JournalError::NoBranch(location.dir.clone(), location.branch.clone()).into());
        }
        let files =
            vec![(layout::HEADER.to_owned(), header.encode()), (layout::GUIDE.to_owned(), guide.to_owned())];
        journal.commit(Transaction::files("init journal", files), who, sign)?;
        journal.private_state_dir()?;
        let marker = journal.state_dir().join("journal");
        local_file::replace_synced(&marker, format!("{}\n", header.id).as_bytes())?;
        Ok((journal, true))
    }

    /// Makes the directory for local state, readable by its owner only.
    pub(super) fn private_state_dir(&self) -> Result<(), JournalError> {
        let dir = self.state_dir();
        match fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir) {
            Ok(()) => Ok(()),
            Err(error) => Err(JournalError::ReadOnly(dir, error.to_string())),
        }
    }

    /// Refuses formats that a newer program wrote.
    pub(super) fn ensure_writable(&self) -> Result<(), JournalError> {
        if self.tip_id()?.is_none() {
            return Ok(());
        }
        self.writable_header(&self.tip()?).map(drop)
    }

    /// The header of a revision, of a format that this program may write.
    pub(super) fn writable_header(&self, at: &Revision) -> Result<Header, JournalError> {
        let header = self.header(at)?;
        if header.is_writable() {
            Ok(header)
        } else {
            Err(JournalError::Newer(header.format, version::NEWEST))
        }
    }
}

fn create_repository(location: &Location) -> anyhow::Result<()> {
    use anyhow::Context;
    durable::enable();
    let dir = &location.dir;
    let parent = dir.parent().unwrap_or(dir);
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(parent)
        .with_context(|| format!("cannot create '{}'", parent.display()))?;
    let mut options = RepositoryInitOptions::new();
    options.bare(true).external_template(false).initial_head(&location.branch).mkdir(true);
    let repo = Repository::init_opts(dir, &options)
        .with_context(|| format!("cannot create a repository at '{}'", dir.display()))?;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    let mut config = repo.config()?.open_level(git2::ConfigLevel::Local)?;
    // Everything that could lose a record by itself is off; every move of the branch is remembered.
    config.set_i32("gc.auto", 0)?;
    config.set_str("core.logAllRefUpdates", "always")?;
    config.set_str("core.fsync", "all")?;
    config.set_str("gc.pruneExpire", "2.weeks.ago")?;
    // libgit2 syncs what it writes into a repository, not the repository that it makes: a power cut would leave an
    // empty HEAD.
    sync_below(dir).with_context(|| format!("cannot sync '{}'", dir.display()))?;
    for above in dir.ancestors().skip(1).take(4) {
        let _ = fs::File::open(above).and_then(|above| above.sync_all());
    }
    Ok(())
}

/// Brings every file and directory below one onto the disk.
fn sync_below(dir: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_below(&entry.path())?;
        } else {
            fs::File::open(entry.path())?.sync_all()?;
        }
    }
    fs::File::open(dir)?.sync_all()
}

/// libgit2 names the extension; people know the format.
fn explain_format(message: &str) -> String {
    let lower = message.to_lowercase();
    if lower.contains("refstorage") || lower.contains("reftable") {
        "it keeps its refs in the reftable format".into()
    } else if lower.contains("objectformat") || lower.contains("sha256") {
        "it names its objects by SHA-256".into()
    } else if lower.contains("partialclone") {
        "it is a partial clone in an old format".into()
    } else {
        message.to_owned()
    }
}
