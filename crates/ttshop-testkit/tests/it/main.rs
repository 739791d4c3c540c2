//! Stories told over whole worlds.

mod chaos;
mod leak;
mod life;
mod sdk;
