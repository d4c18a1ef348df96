//! Use cases, one file each: the only place where keys, store, clock and network meet; rights are checked here.
