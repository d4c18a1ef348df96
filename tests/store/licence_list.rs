//! Lists of licences, page by page, and what they are filtered by.

use yinxin::store::{LicenceFilter, NewLicence};

use super::place::Place;
use super::samples::{ISSUER, TYPE_CODE, authority, date, licence, register_issuer, time};

stories![
    pages_follow_one_another_without_gap_or_repetition,
    a_list_holds_what_meets_every_filter,
    a_prefix_of_a_number_is_taken_as_it_stands,
];

async fn issue(place: &Place, licences: impl IntoIterator<Item = NewLicence>) {
    place
        .commit(|change| {
            licences
                .into_iter()
                .for_each(|licence| _ = change.issue_licence(licence))
        })
        .await
        .unwrap();
}

async fn serials(place: &Place, filter: &LicenceFilter) -> Vec<String> {
    let page = place.store.licences(filter, None, 100).await.unwrap();
    assert_eq!(page.next, None);
    page.licences
        .into_iter()
        .map(|stored| stored.licence.key.serial)
        .collect()
}

async fn pages_follow_one_another_without_gap_or_repetition(place: Place) {
    register_issuer(&place).await;
    // Three of each second, so that pages end among equal times.
    let made = |number: i64| NewLicence {
        created_at: time(number / 3),
        ..licence(&format!("{number:02}"), &format!("N{number}"))
    };
    issue(&place, (0..25).map(made)).await;
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = place.store.licences(&LicenceFilter::default(), after, 4).await.unwrap();
        assert!(page.licences.len() <= 4);
        seen.extend(page.licences.into_iter().map(|stored| stored.licence.key.serial));
        let Some(next) = page.next else { break };
        after = Some(next.to_string().parse().unwrap());
    }
    let newest_first: Vec<String> = (0..25).rev().map(|number| format!("{number:02}")).collect();
    assert_eq!(seen, newest_first);
}

async fn a_list_holds_what_meets_every_filter(place: Place) {
    place
        .commit(|change| _ = change.register_authority(authority("other", None)))
        .await
        .unwrap();
    register_issuer(&place).await;
    let mut other_type = licence("type", "N1");
    other_type.key.type_code = "another".to_owned();
    let others = [
        other_type,
        NewLicence {
            authority: "other".to_owned(),
            ..licence("authority", "N2")
        },
        NewLicence {
            state: "revoked".to_owned(),
            ..licence("state", "N3")
        },
        NewLicence {
            issued_on: Some(date("2026-11-05")),
            ..licence("date", "N4")
        },
        NewLicence {
            holder_code_hash: Some([1; 32]),
            ..licence("code", "N5")
        },
        NewLicence {
            holder_name_hash: Some([2; 32]),
            ..licence("name", "N6")
        },
    ];
    issue(&place, others).await;
    let of = |set: fn(&mut LicenceFilter)| {
        let mut filter = LicenceFilter::default();
        set(&mut filter);
        filter
    };
    let expected: [(LicenceFilter, &[&str]); 9] = [
        (of(|f| f.type_code = Some("another".into())), &["type"]),
        (of(|f| f.authority = Some("other".into())), &["authority"]),
        (of(|f| f.state = Some("revoked".into())), &["state"]),
        (of(|f| f.issued_from = Some(date("2026-11-05"))), &["date"]),
        (of(|f| f.issued_until = Some(date("2026-11-04"))), &[]),
        (of(|f| f.holder_code_hash = Some([1; 32])), &["code"]),
        (of(|f| f.holder_name_hash = Some([2; 32])), &["name"]),
        (
            of(|f| (f.type_code, f.authority) = (Some(TYPE_CODE.into()), Some(ISSUER.into()))),
            &["name", "code", "date", "state"],
        ),
        (
            of(|f| (f.state, f.authority) = (Some("revoked".into()), Some("other".into()))),
            &[],
        ),
    ];
    for (filter, expected) in expected {
        assert_eq!(serials(&place, &filter).await, expected, "{filter:?}");
    }
}

async fn a_prefix_of_a_number_is_taken_as_it_stands(place: Place) {
    register_issuer(&place).await;
    let numbers = [
        ("1", "湘A1"),
        ("2", "湘A%"),
        ("3", "湘B1"),
        ("4", "湘A"),
        ("5", "湘A𠮷"),
    ];
    issue(&place, numbers.map(|(serial, number)| licence(serial, number))).await;
    let with = |prefix: &str| LicenceFilter {
        number_prefix: Some(prefix.to_owned()),
        ..LicenceFilter::default()
    };
    assert_eq!(serials(&place, &with("湘A")).await, ["5", "4", "2", "1"]);
    assert_eq!(serials(&place, &with("湘A%")).await, ["2"]);
    assert_eq!(serials(&place, &with("湘a")).await, [""; 0]);
}
