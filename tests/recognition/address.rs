//! The list of a partner by its address: what is taken in and followed, and everything that is refused on the way.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use chrono::TimeDelta;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};
use yinxin::service::actor::Actor;
use yinxin::service::error::ServiceError;
use yinxin::service::fetch::{Address, FetchConfig, Fetcher};
use yinxin::service::proposals::Act;
use yinxin::service::recognition::{ImportedList, ListPublication, PartnerSigner};
use yinxin::trust::list::{MAX_LIST_BYTES, SignerId};

use super::{city, partner};
use crate::support::TempFolder;
use crate::support::acts::decide;
use crate::support::app::TestApp;

/// A server on this machine that gives every caller the same answer.
fn server(answer: impl Into<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = answer.into();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            // Whoever refuses the answer hangs up before its end.
            let _ = stream.write_all(&answer);
        }
    });
    format!("http://{address}/list")
}

fn answer(media_type: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

fn fetcher(seconds: u16) -> Fetcher {
    let config = FetchConfig {
        private_addresses: true,
        seconds,
        ..FetchConfig::default()
    };
    Fetcher::new(&config).unwrap()
}

fn import(
    app: &TestApp,
    address: &str,
    fetcher: &Fetcher,
    signer: &PartnerSigner,
) -> Result<ImportedList, ServiceError> {
    let address = Address::parse(address).unwrap();
    let imported = app
        .service
        .import_partner_list_from(&Actor::Operator, "partner", &address, fetcher, signer);
    app.wait(imported)
}

/// The code of the first problem of a refusal, which names the address where that is at fault.
fn refused(app: &TestApp, address: &str, fetcher: &Fetcher) -> String {
    use yinxin::problem::Explain;
    let problem = import(app, address, fetcher, &PartnerSigner::First)
        .unwrap_err()
        .problems()
        .remove(0);
    if problem.code.starts_with("fetch-") {
        assert_eq!(problem.params["address"], address);
    }
    problem.code.to_owned()
}

fn publish(city: &TestApp) {
    let next = async {
        let publication = ListPublication::default();
        decide(&city.service, Act::PublishList(publication.clone())).await
    };
    city.wait(next).unwrap();
}

fn only(app: &TestApp) -> ImportedList {
    app.wait(app.service.partner_lists()).unwrap().remove(0)
}

#[test]
fn a_list_is_taken_in_from_its_address_and_followed_there() {
    let (app, partner) = (city(), partner());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/api/v1/trust-list", listener.local_addr().unwrap());
    partner.listen(listener);
    let list = partner.wait(partner.service.recognition_list()).unwrap().unwrap();
    let signer = PartnerSigner::Key(SignerId::of(&list.signers[0]));
    let fetcher = fetcher(20);
    let imported = import(&app, &address, &fetcher, &signer).unwrap();
    assert_eq!(
        (imported.list.sequence, imported.address.as_deref()),
        (1, Some(address.as_str()))
    );

    publish(&partner);
    let follow = || app.wait(app.service.follow_partner_lists(&fetcher)).unwrap();
    follow();
    assert_eq!(
        only(&app).list.sequence,
        1,
        "it is not looked for again within the hour"
    );
    app.clock.set(app.service.now() + TimeDelta::hours(1));
    follow();
    let followed = only(&app);
    assert_eq!(
        (followed.list.sequence, followed.checked_at),
        (2, Some(app.service.now()))
    );

    // From a file it is looked for nowhere.
    let signed = app.wait(partner.service.published_recognition_list(None)).unwrap();
    let known = PartnerSigner::Known;
    let from_file = app
        .service
        .import_partner_list(&Actor::Operator, "partner", &signed.bytes, &known);
    assert_eq!(app.wait(from_file).unwrap().address, None);
}

#[test]
fn what_an_address_gives_is_held_to_the_pinned_signer_and_the_sequence() {
    let (app, partner) = (city(), partner());
    let published = |city: &TestApp, sequence| city.wait(city.service.published_recognition_list(sequence)).unwrap();
    let jose = |bytes: &[u8]| server(answer("application/jose", bytes));
    let fetcher = fetcher(20);
    publish(&partner);
    let newer = jose(&published(&partner, Some(2)).bytes);
    import(&app, &newer, &fetcher, &PartnerSigner::First).unwrap();
    let code = |address: &str| {
        use yinxin::problem::Explain;
        let known = PartnerSigner::Known;
        import(&app, address, &fetcher, &known).unwrap_err().problems()[0].code
    };
    let older = jose(&published(&partner, Some(1)).bytes);
    assert_eq!(code(&older), "list-falling-sequence");
    let strangers = jose(&published(&app, None).bytes);
    assert_eq!(code(&strangers), "list-unknown-signer");
    assert_eq!(code(&jose(b"no list")), "list-not-signed");
    assert_eq!((only(&app).list.sequence, only(&app).address), (2, Some(newer)));

    // What is not accepted on schedule is told, and changes nothing.
    let fault = |address: &str| {
        let mut row = app.wait(store(&app).partner_list("partner")).unwrap().unwrap();
        row.address = Some(address.to_owned());
        row.checked_at = None;
        let mut change = yinxin::store::Change::new();
        change.put_partner_list(row);
        app.wait(store(&app).commit(change)).unwrap();
        app.wait(app.service.follow_partner_lists(&fetcher)).unwrap();
        assert_eq!(only(&app).list.sequence, 2);
        only(&app).fault
    };
    assert_eq!(fault(&older).as_deref(), Some("list-falling-sequence"));
    assert_eq!(fault("ftp://partner.example/").as_deref(), Some("fetch-address"));
}

fn store(app: &TestApp) -> yinxin::store::Store {
    let settings =
        yinxin::store::StoreSettings::at(format!("sqlite:{}", app.folder.path().join("yinxin.sqlite").display()));
    app.wait(yinxin::store::Store::open(&settings)).unwrap()
}

#[test]
fn an_answer_that_breaks_a_rule_is_refused_by_its_name() {
    let app = city();
    let quick = fetcher(20);
    let elsewhere = server("HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(refused(&app, &elsewhere, &quick), "fetch-redirect");
    let absent = server("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(refused(&app, &absent, &quick), "fetch-status");
    assert_eq!(
        refused(&app, &server(answer("text/html", b"<p>")), &quick),
        "fetch-type"
    );
    let packed =
        "HTTP/1.1 200 OK\r\ncontent-type: application/jose\r\ncontent-encoding: gzip\r\ncontent-length: 1\r\n\r\nx";
    assert_eq!(refused(&app, &server(packed), &quick), "fetch-type");
    let large = vec![b'x'; MAX_LIST_BYTES + 1];
    assert_eq!(
        refused(&app, &server(answer("application/jose", &large)), &quick),
        "fetch-too-large"
    );
    // Without a length it is counted as it comes.
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/jose\r\nconnection: close\r\n\r\n";
    assert_eq!(
        refused(&app, &server([&head[..], &large].concat()), &quick),
        "fetch-too-large"
    );
    let cut = "HTTP/1.1 200 OK\r\ncontent-type: application/jose\r\ncontent-length: 9\r\n\r\nx";
    assert_eq!(refused(&app, &server(cut), &fetcher(1)), "fetch-unreachable");
    assert_eq!(refused(&app, &server("no HTTP"), &quick), "fetch-unreachable");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(
        refused(&app, &format!("http://{nobody}/list"), &quick),
        "fetch-unreachable"
    );
    // Accepts and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/list", silent.local_addr().unwrap());
    assert_eq!(refused(&app, &address, &fetcher(1)), "fetch-slow");
    // Networks of our own are asked only where the configuration says so, whatever they are called.
    let careful = Fetcher::new(&FetchConfig::default()).unwrap();
    for address in [
        server(answer("application/jose", b"x")),
        "http://localhost/list".to_owned(),
        "http://[::1]/list".to_owned(),
        "http://169.254.169.254/latest".to_owned(),
        "http://2130706433/list".to_owned(),
    ] {
        assert_eq!(refused(&app, &address, &careful), "fetch-private", "{address}");
    }
    let (stranger, address) = (Actor::Anonymous, Address::parse("http://localhost/").unwrap());
    let import = app
        .service
        .import_partner_list_from(&stranger, "partner", &address, &quick, &PartnerSigner::First);
    assert!(matches!(app.wait(import), Err(ServiceError::Denied(_))));
}

#[test]
fn a_server_shows_by_its_certificate_that_it_is_the_one_that_was_asked() {
    let (app, partner) = (city(), partner());
    let signed = partner.wait(partner.service.published_recognition_list(None)).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (config, answer) = (Arc::new(config), answer("application/jose", &signed.bytes));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = Stream::new(&mut tls, &mut stream);
            if stream.read(&mut [0; 4096]).is_ok() {
                let _ = stream.write_all(&answer);
            }
        }
    });
    let folder = TempFolder::new("authorities");
    let file = folder.path().join("authorities.pem");
    std::fs::write(&file, certificate.pem()).unwrap();
    let knowing = FetchConfig {
        private_addresses: true,
        certificates: Some(file),
        ..FetchConfig::default()
    };
    let knowing = Fetcher::new(&knowing).unwrap();
    // Certified by nobody whom the system knows, and for another name.
    let own = format!("https://localhost:{port}/list");
    assert_eq!(refused(&app, &own, &fetcher(20)), "fetch-unreachable");
    assert_eq!(
        refused(&app, &format!("https://127.0.0.1:{port}/list"), &knowing),
        "fetch-unreachable"
    );
    let imported = import(&app, &own, &knowing, &PartnerSigner::First).unwrap();
    assert_eq!(imported.list.sequence, 1);
    let absent = FetchConfig {
        certificates: Some(folder.path().join("absent.pem")),
        ..FetchConfig::default()
    };
    assert!(Fetcher::new(&absent).is_err());
}
