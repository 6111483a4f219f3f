//! Power cuts: a file system of its own in a file, copied while it is written to, and mounted again from the copy.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::Sandbox;
use crate::world::{Random, World, end};

/// A mounted image, unmounted at the end.
struct Disk<'p>(&'p Path);

impl Disk<'_> {
    fn mount(&self, image: &Path) -> bool {
        let mount =
            Command::new("mount").args(["-o", "loop"]).arg(image).arg(self.0).stderr(Stdio::null()).status();
        mount.is_ok_and(|status| status.success())
    }

    fn unmount(&self) {
        for _ in 0..200 {
            if Command::new("umount").arg(self.0).stderr(Stdio::null()).status().unwrap().success() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{} stays busy", self.0.display());
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).stderr(Stdio::null()).status();
    }
}

/// Cuts the power `cuts` times. After each, the journal opens and holds every record that was acknowledged.
pub(crate) fn run(cuts: usize, random: &mut Random) {
    let sandbox = Sandbox::new();
    let place = sandbox.path("home/.local/share/git-okr");
    fs::create_dir_all(&place).unwrap();
    let image = sandbox.path("disk-0");
    let file = fs::File::create(&image).unwrap();
    file.set_len(96 << 20).unwrap();
    let made = Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image).stderr(Stdio::null()).status();
    let disk = Disk(&place);
    if !made.is_ok_and(|status| status.success()) || !disk.mount(&image) {
        return println!(
            "power: SKIPPED, no ext4 image can be mounted here (that takes root and loop devices)"
        );
    }
    // On the way out the disk goes first, or what it is mounted in could not be removed.
    let held = (disk, World::new(sandbox));
    let (disk, world) = (&held.0, &held.1);
    let marks = Mutex::new(BTreeSet::new());
    let next = AtomicUsize::new(0);
    let (mut image, mut unsynced) = (image, 0);
    for cut in 1..=cuts {
        let copy = image.with_file_name(format!("disk-{cut}"));
        let wait = Duration::from_millis(60 + u64::try_from(random.below(400)).unwrap());
        let kept = write_until_cut(world, &marks, &next, wait, || {
            // What nobody synced is what a power cut takes: the control of this experiment.
            fs::write(place.join("unsynced"), vec![b'x'; 8000]).unwrap();
            fs::copy(&image, &copy).unwrap();
        });
        disk.unmount();
        assert!(disk.mount(&copy), "the file system itself comes back");
        unsynced += usize::from(fs::read(place.join("unsynced")).is_ok_and(|bytes| bytes.len() == 8000));
        let _ = fs::remove_file(place.join("unsynced"));
        fs::remove_file(&image).unwrap();
        image = copy;
        world.must(&["log", "-n", "1"]);
        world.undisturbed(cut + 10_000_000);
        world.verify(&kept);
        // Whatever was in flight may be there or not; what is not is no promise for the next cut.
        *marks.lock().unwrap() = kept;
    }
    let kept = marks.into_inner().unwrap().len();
    println!(
        "power: {cuts} cuts, {kept} acknowledged, 0 lost; a file that nobody synced survived {unsynced} times"
    );
    assert!(unsynced < cuts, "the copies are not what a power cut leaves");
    assert!(kept > 0);
}

/// Lets two writers write for a while, holds them where they are, does `cut`, and ends them. Returns what had been
/// acknowledged when they were held.
fn write_until_cut(
    world: &World,
    marks: &Mutex<BTreeSet<usize>>,
    next: &AtomicUsize,
    wait: Duration,
    cut: impl FnOnce(),
) -> BTreeSet<usize> {
    let over = AtomicBool::new(false);
    // Held while a writer is started or acknowledged, so that the cut finds neither half done.
    let gate = Mutex::new(BTreeSet::<i32>::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let mark = next.fetch_add(1, Ordering::Relaxed);
                    let mut command = world.okr(&["add", &format!("mark-{mark}- written")]);
                    let mut running = gate.lock().unwrap();
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    let child = command.spawn().unwrap();
                    let id = i32::try_from(child.id()).unwrap();
                    running.insert(id);
                    drop(running);
                    let well = end(child).0.success();
                    let mut running = gate.lock().unwrap();
                    running.remove(&id);
                    if well && !over.load(Ordering::Relaxed) {
                        marks.lock().unwrap().insert(mark);
                    }
                }
            });
        }
        std::thread::sleep(wait);
        let running = gate.lock().unwrap();
        over.store(true, Ordering::Relaxed);
        let kept = marks.lock().unwrap().clone();
        for id in running.iter() {
            let _ = kill(Pid::from_raw(*id), Signal::SIGSTOP);
        }
        cut();
        for id in running.iter() {
            let _ = kill(Pid::from_raw(*id), Signal::SIGKILL);
        }
        kept
    })
}
