//! Millimetres, paths, fonts and shaping, a small SVG subset, `Picture`; writes PDF operators or SVG.
