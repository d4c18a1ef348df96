//! A running service on a database of its own, asked without a network.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;
use yinxin::ca::SubordinateTerms;
use yinxin::clock::ManualClock;
use yinxin::crypto::key::{SoftwareKey, Suite};
use yinxin::http::{LimitsConfig, router};
use yinxin::keystore::{Keystore, Passphrase};
use yinxin::licence::authority::{Authority, AuthorityLevel};
use yinxin::licence::credit_code::CreditCode;
use yinxin::licence::text::Bilingual;
use yinxin::service::actor::{Actor, Scope};
use yinxin::service::certificate_authorities::NewCertificateAuthority;
use yinxin::service::city::Role;
use yinxin::service::fetch::{FetchConfig, Fetcher};
use yinxin::service::organisations::Equipment;
use yinxin::service::previews::Previews;
use yinxin::service::spool::Spool;
use yinxin::service::time_stamp_sources::{TimeStampConfig, TimeStampSources};
use yinxin::service::{Parts, Service};
use yinxin::store::{Store, StoreSettings};

use super::{TempFolder, acts, project};

/// The authority that issues: a county's market supervision bureau of the fixtures.
pub(crate) const ISSUER: &str = "11159903MB030010XW";

/// Who runs it.
const ORGANISATION: &str = "青岚市政务服务局";

/// Another one, without a seal.
const OTHER: &str = "11159900MB0000107M";

/// A service with one department that issues food business permits in the P-256 suite.
pub(crate) struct TestApp {
    pub(crate) service: Arc<Service>,
    /// Token of the department for everything.
    pub(crate) token: String,
    /// Its token for reading alone.
    pub(crate) reader: String,
    /// Its token for issuing alone.
    pub(crate) issuer: String,
    /// Token of another authority for everything.
    pub(crate) other: String,
    router: Router,
    runtime: Runtime,
    /// Its clock.
    pub(crate) clock: Arc<ManualClock>,
    /// Where it keeps its data.
    pub(crate) folder: TempFolder,
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Code of the first problem.
    pub(crate) fn code(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.text()
        );
        self.json()["fields"][0]["code"].as_str().unwrap().to_owned()
    }
}

/// The one that tests share; they change nothing that another relies on.
pub(crate) fn app() -> &'static TestApp {
    static APP: OnceLock<TestApp> = OnceLock::new();
    APP.get_or_init(|| TestApp::new(Suite::International))
}

impl TestApp {
    /// A service whose department signs in this suite.
    pub(crate) fn new(suite: Suite) -> Self {
        Self::at("https://licences.example", suite)
    }

    /// The same, which names this as the address where the public reaches it.
    pub(crate) fn at(public_url: &str, suite: Suite) -> Self {
        Self::founded((ORGANISATION, public_url), suite, None)
    }

    /// A service of the international suite that another city runs.
    pub(crate) fn of(organisation: &str, public_url: &str) -> Self {
        Self::founded((organisation, public_url), Suite::International, None)
    }

    /// The same at an address of its own, where it answers until the test ends.
    pub(crate) fn reachable(organisation: &str) -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let app = Self::of(organisation, &address);
        app.listen(listener);
        (app, address)
    }

    /// A service of the international suite whose root has this key.
    pub(crate) fn under(root: SoftwareKey) -> Self {
        let place = (ORGANISATION, "https://licences.example");
        Self::founded(place, Suite::International, Some(root))
    }

    fn founded(place: (&str, &str), suite: Suite, root: Option<SoftwareKey>) -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = TempFolder::new("http");
        let clock = Arc::new(ManualClock::at("2026-11-01T02:00:00Z".parse().unwrap()));
        let started = runtime.block_on(start(&folder, suite, place, root, &clock));
        let (service, [token, reader, issuer, other]) = started;
        let limits = LimitsConfig {
            anonymous_per_minute: 100_000,
            upload_bytes: 16 << 20,
            ..LimitsConfig::default()
        };
        TestApp {
            router: router(Arc::clone(&service), &limits, None),
            service,
            token,
            reader,
            issuer,
            other,
            runtime,
            clock,
            folder,
        }
    }

    /// Another program on the same data, as a command is.
    pub(crate) fn another_program(&self) -> Arc<Service> {
        self.another_program_stamped_by(&TimeStampConfig::default())
    }

    /// The same, whose time stamps come from elsewhere.
    pub(crate) fn another_program_stamped_by(&self, stamping: &TimeStampConfig) -> Arc<Service> {
        self.wait(open_stamped_by(
            &self.folder,
            self.service.public_url(),
            &self.clock,
            stamping,
        ))
    }

    /// How many rows a table of its database has, or those of it that a condition names.
    pub(crate) fn count_rows(&self, table: &str) -> i64 {
        let location = format!("sqlite:{}", self.folder.path().join("yinxin.sqlite").display());
        self.wait(async {
            let mut connection = SqliteConnection::connect(&location).await.unwrap();
            let counting = sqlx::query_scalar(AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}")));
            counting.fetch_one(&mut connection).await.unwrap()
        })
    }

    /// Changes its database behind its back.
    pub(crate) fn change_rows(&self, sql: &'static str) {
        let location = format!("sqlite:{}", self.folder.path().join("yinxin.sqlite").display());
        self.wait(async {
            let mut connection = SqliteConnection::connect(&location).await.unwrap();
            sqlx::query(sql).execute(&mut connection).await.unwrap();
        });
    }

    /// Its database, opened once more.
    pub(crate) fn store(&self) -> Store {
        self.wait(open_store(&self.folder))
    }

    /// The keys, as whoever stole them has them.
    pub(crate) fn keys(&self) -> Keystore {
        keys(&self.folder)
    }

    /// Waits for the service.
    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Begins to do something that goes on beside the test.
    pub(crate) fn spawn<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.runtime.spawn(future)
    }

    /// Answers on a socket until the test ends, as a program that is not ours would ask it.
    pub(crate) fn listen(&self, listener: TcpListener) {
        self.listen_behind(listener, Router::new());
    }

    /// The same, where somebody else answers on these routes.
    pub(crate) fn listen_behind(&self, listener: TcpListener, others: Router) {
        listener.set_nonblocking(true).unwrap();
        let service = others
            .fallback_service(self.router.clone())
            .into_make_service_with_connect_info::<std::net::SocketAddr>();
        self.runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, service).await.unwrap();
        });
    }

    /// Asks the shared router.
    pub(crate) fn ask(&self, request: Request<Body>) -> Answer {
        self.ask_router(&self.router, request)
    }

    /// Asks a router with other limits.
    pub(crate) fn ask_router(&self, router: &Router, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response = router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            Answer {
                status: parts.status,
                headers: parts.headers,
                body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
            }
        })
    }

    /// Issues a licence of this number and gives the answer.
    pub(crate) fn issue(&self, number: usize) -> serde_json::Value {
        let answer = self.ask(request(
            "POST",
            "/api/v1/licences",
            Some(&self.token),
            &application(number),
        ));
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        answer.json()
    }

    /// The document of an issued licence.
    pub(crate) fn document(&self, issued: &serde_json::Value) -> Vec<u8> {
        let path = issued["document"].as_str().unwrap();
        let answer = self.ask(request("GET", path, Some(&self.token), ""));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.body
    }
}

/// A request with a JSON body where one is given.
pub(crate) fn request(method: &str, path: &str, token: Option<&str>, body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

/// A form as browsers send it: texts, and a file where one is given.
pub(crate) fn form(path: &str, texts: &[(&str, &str)], file: Option<&[u8]>) -> Request<Body> {
    let files: Vec<_> = file.map(|file| ("a.pdf", file)).into_iter().collect();
    files_form(path, texts, &files)
}

/// The same with several files, by name.
pub(crate) fn files_form(path: &str, texts: &[(&str, &str)], files: &[(&str, &[u8])]) -> Request<Body> {
    const BOUNDARY: &str = "part-of-a-form";
    let mut body = Vec::new();
    for (name, text) in texts {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").bytes(),
        );
    }
    for (name, file) in files {
        let disposition = format!("Content-Disposition: form-data; name=\"document\"; filename=\"{name}\"");
        body.extend(format!("--{BOUNDARY}\r\n{disposition}\r\nContent-Type: application/pdf\r\n\r\n").bytes());
        body.extend_from_slice(file);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    Request::builder()
        .method("POST")
        .uri(path)
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .header(header::ACCEPT, "text/html")
        .body(Body::from(body))
        .unwrap()
}

/// The application of that place among the issuer's food business permits in the fixtures that are not to be refused.
pub(crate) fn application(place: usize) -> String {
    let all = std::fs::read_to_string(project::root().join("fixtures/licences/all.jsonl")).unwrap();
    let of_issuer =
        |line: &&str| line.contains(&format!("\"authority\":\"{ISSUER}\"")) && line.contains("food-business");
    let refused = std::fs::read_to_string(project::root().join("fixtures/refused.csv")).unwrap();
    let accepted = |line: &&str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        !refused.contains(value["reference"].as_str().unwrap())
    };
    let line = all.lines().filter(of_issuer).filter(accepted).nth(place).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
    for name in ["reference", "authority", "photoFile"] {
        value.as_object_mut().unwrap().remove(name);
    }
    value.to_string()
}

async fn start(
    folder: &TempFolder,
    suite: Suite,
    (organisation, public_url): (&str, &str),
    root: Option<SoftwareKey>,
    clock: &Arc<ManualClock>,
) -> (Arc<Service>, [String; 4]) {
    let service = open(folder, public_url, clock).await;
    let operator = Actor::Operator;
    if let Some(key) = root {
        found_root(&service, key).await;
    }
    service.found_city(&operator, organisation).await.unwrap();
    for code in [ISSUER, OTHER] {
        service.register_authority(&operator, &authority(code)).await.unwrap();
    }
    let issuer: CreditCode = ISSUER.parse().unwrap();
    let food = service.types().by_slug("food-business-permit").unwrap().code();
    let equipment = Equipment {
        suite,
        ca: None,
        licence_types: &[food],
        seal_code: "1599030000001",
    };
    service.equip_authority(&operator, &issuer, &equipment).await.unwrap();
    service.reload_trust().await.unwrap();
    let mut tokens = Vec::new();
    for (code, scopes) in [
        (ISSUER, &Scope::ALL[..]),
        (ISSUER, &[Scope::Read]),
        (ISSUER, &[Scope::Issue]),
        (OTHER, &Scope::ALL),
    ] {
        let code = code.parse().unwrap();
        let given = service
            .give_token(&operator, &code, "test", scopes, None)
            .await
            .unwrap();
        tokens.push(given.secret);
    }
    (service, tokens.try_into().unwrap())
}

/// Founds the international root with a key that was made elsewhere.
async fn found_root(service: &Service, key: SoftwareKey) {
    let name = Role::Root.name(Suite::International);
    let kept = service
        .import_key(&Actor::Operator, &name, &Arc::new(key))
        .await
        .unwrap();
    let new = NewCertificateAuthority {
        name,
        key: kept,
        parent: None,
        organisation: ORGANISATION.to_owned(),
        common_name: "Root CA".to_owned(),
        terms: SubordinateTerms::default(),
    };
    acts::found(service, new).await.unwrap();
}

/// A program on the data of this folder.
pub(crate) async fn open(folder: &TempFolder, public_url: &str, clock: &Arc<ManualClock>) -> Arc<Service> {
    open_stamped_by(folder, public_url, clock, &TimeStampConfig::default()).await
}

/// The same, whose time stamps come from elsewhere.
async fn open_stamped_by(
    folder: &TempFolder,
    public_url: &str,
    clock: &Arc<ManualClock>,
    stamped_by: &TimeStampConfig,
) -> Arc<Service> {
    let service = Service::start(Parts {
        clock: Arc::<ManualClock>::clone(clock),
        store: open_store(folder).await,
        keys: keys(folder),
        fonts: Box::new(|| Ok(fonts())),
        licence_types: None,
        profiles: Vec::new(),
        public_url: public_url.to_owned(),
        stamping: stamping(stamped_by),
        spool: Spool::default(),
        previews: previews(),
    });
    Arc::new(service.await.unwrap())
}

async fn open_store(folder: &TempFolder) -> Store {
    let settings = StoreSettings {
        location: format!("sqlite:{}", folder.path().join("yinxin.sqlite").display()),
        ..StoreSettings::default()
    };
    Store::open(&settings).await.unwrap()
}

/// Pages drawn by the program as it was built.
pub(crate) fn previews() -> Previews {
    Previews::by(env!("CARGO_BIN_EXE_yinxin"))
}

/// Time stamps of our own.
pub(crate) fn own_stamping() -> TimeStampSources {
    stamping(&TimeStampConfig::default())
}

/// Where time stamps come from; addresses of this machine may be asked.
fn stamping(config: &TimeStampConfig) -> TimeStampSources {
    let fetch = FetchConfig {
        private_addresses: true,
        seconds: 5,
        ..FetchConfig::default()
    };
    TimeStampSources::new(config, Fetcher::new(&fetch).unwrap()).unwrap()
}

/// The keys of this folder.
fn keys(folder: &TempFolder) -> Keystore {
    let passphrase = Passphrase::new("a passphrase for tests alone".to_owned()).unwrap();
    Keystore::open(folder.path().join("keys"), passphrase).unwrap()
}

/// An authority of the fixtures, without the one above it.
fn authority(code: &str) -> Authority {
    let file = project::root().join("fixtures/authorities.csv");
    let mut rows = csv::Reader::from_path(file).unwrap();
    let mut rows = rows.deserialize().map(Result::<BTreeMap<String, String>, _>::unwrap);
    let row = rows.find(|row| row["code"] == code).unwrap();
    Authority {
        code: code.parse().unwrap(),
        name: Bilingual {
            zh: row["name"].clone(),
            en: row["englishName"].clone(),
        },
        region: row["region"].parse().unwrap(),
        level: AuthorityLevel::from_name(&row["level"]).unwrap(),
        parent: None,
    }
}

/// Where the fonts of the installation are.
pub(crate) fn font_folder() -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".local/share/yinxin/fonts");
    std::env::var_os("YINXIN_FONTS").map_or_else(home, PathBuf::from)
}

/// The fonts of the faces, from where they are installed.
pub(crate) fn fonts() -> Vec<(String, Arc<[u8]>)> {
    let folder = font_folder();
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ttf"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(&path).unwrap().into())
        })
        .collect()
}
