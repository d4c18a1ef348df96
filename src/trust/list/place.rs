//! Where lists are published, and when two addresses name one place.

use url::Url;

/// The place that an address names, to be compared: host in small letters, port and path, `.` and `..` and needless
/// escapes resolved (RFC 3986 section 6.2.2), whether it is asked by TLS or not. What is no address names itself.
pub fn place_of(location: &str) -> String {
    let place = |url: Url| {
        let host = url.host_str()?.to_owned();
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Some(format!("//{host}{port}{}{query}", url.path()))
    };
    Url::parse(location)
        .ok()
        .and_then(place)
        .unwrap_or_else(|| location.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_is_one_however_its_address_is_written() {
        let ours = place_of("https://city.example/api/v1/trust-list");
        for same in [
            "HTTPS://City.Example/api/v1/trust-list",
            "https://city.example:443/api/v1/trust-list",
            "http://city.example/api/v1/trust-list",
            "https://city.example/api/./x/../v1/trust-list#newest",
        ] {
            assert_eq!(place_of(same), ours, "{same}");
        }
        for other in [
            "https://city.example/api/v1/trust-list/",
            "https://city.example:8443/api/v1/trust-list",
            "https://www.city.example/api/v1/trust-list",
            "https://city.example/api/v1/trust-list?sequence=1",
            "nowhere",
            "",
        ] {
            assert_ne!(place_of(other), ours, "{other}");
        }
        assert_eq!(place_of("nowhere"), "nowhere");
    }
}
