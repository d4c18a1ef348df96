//! Texts in Chinese and English.
