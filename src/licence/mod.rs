//! Licence types, identifiers, holder codes, fields and states (GB/T 36901 to 36905).
