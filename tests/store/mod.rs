//! The journal under fire: contention, kills, damage, foreign data, full disks.

mod branch;
mod contention;
mod damage;
mod foreign;
mod hostile;
mod input;
mod kills;
mod recovery;
mod signing;
mod space;
mod streams;
