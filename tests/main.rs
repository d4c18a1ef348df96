//! Black-box tests: everything that is seen from outside the crate, in one binary.

#[cfg(test)]
mod algorithms_foreign;
#[cfg(test)]
mod algorithms_openssl;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod blocks;
#[cfg(test)]
mod certificate_suites;
#[cfg(test)]
mod certificates;
#[cfg(test)]
mod certificates_foreign;
#[cfg(test)]
mod ceremony;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod cross_certificates;
#[cfg(test)]
mod documents_past;
#[cfg(test)]
mod documents_signed;
#[cfg(test)]
mod documents_verified;
#[cfg(test)]
mod faces;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod http;
#[cfg(test)]
mod import_killed;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod licences;
#[cfg(test)]
mod licences_judged;
#[cfg(test)]
mod licences_past;
#[cfg(test)]
mod lint;
#[cfg(test)]
mod pdf_suite;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod proposals;
#[cfg(test)]
mod qr_suites;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod recognition;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod sealings;
#[cfg(test)]
mod seals_gmssl;
#[cfg(test)]
mod signatures_openssl;
#[cfg(test)]
mod store;
#[cfg(test)]
mod subordinates;
#[cfg(test)]
mod support;
#[cfg(test)]
mod timestamps_openssl;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod trust;
