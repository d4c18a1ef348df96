//! The electronic seal (GB/T 38540): the object, its life, its picture, its status list.
