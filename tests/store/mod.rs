//! The journal under fire: contention, kills, damage, foreign data, full disks.

mod branch;
mod contention;
mod damage;
mod faults;
mod foreign;
mod formats;
mod hostile;
mod housekeeping;
mod input;
mod kills;
mod recovery;
mod sealed;
mod signing;
mod space;
mod streams;
