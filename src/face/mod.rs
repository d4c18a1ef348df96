//! The licence face: bake a template once, fill it fast.
