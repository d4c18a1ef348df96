//! The one writer of a SQLite file: it commits the operations of many callers together.
//!
//! A commit costs a wait for the disk, whatever it holds. So the writer takes what is waiting, runs each operation
//! inside a savepoint (one that is refused leaves no trace and does not touch its neighbours), commits once, and only
//! then answers everybody. With `synchronous=FULL` what was answered survives a loss of power.

use std::pin::Pin;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::store::error::StoreError;
use crate::store::operation::Operation;
use crate::store::sql::{Conn, TAKE_BACK};

/// Operations that may wait for the writer; further callers wait to be let in.
const QUEUE_LENGTH: usize = 1024;

/// Operations in one commit at most: more would make the first wait longer than they save the disk.
const MAX_GROUP: usize = 128;

/// Opens the transaction of a group, and the savepoint of its first operation.
const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT operation";

/// Keeps what an operation wrote, and opens the savepoint of the next.
const KEEP: &str = "RELEASE operation; SAVEPOINT operation";

/// Makes the group durable.
const COMMIT: &str = "RELEASE operation; COMMIT";

/// Gives operations to the writing task.
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
}

enum Message {
    Run(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

impl Writer {
    /// Starts the task. The options are for opening the file again after a failure.
    pub(super) fn start(options: SqliteConnectOptions, connection: SqliteConnection) -> Self {
        let (queue, messages) = mpsc::channel(QUEUE_LENGTH);
        let task = Task {
            options,
            connection: Some(connection),
            messages,
        };
        tokio::spawn(task.run());
        Self { queue }
    }

    /// Runs an operation; returns after its commit is durable.
    pub(super) async fn apply<O: Operation>(&self, operation: O) -> Result<O::Output, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Pending {
            operation,
            outcome: None,
            reply,
        };
        self.queue
            .send(Message::Run(Box::new(job)))
            .await
            .map_err(|_| StoreError::Interrupted)?;
        answer.await.map_err(|_| StoreError::Interrupted)?
    }

    /// Finishes what waits and ends the task.
    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.queue.send(Message::Close(done)).await.is_ok() {
            // An error means that the task ended meanwhile, which is what was asked for.
            let _ = closed.await;
        }
    }
}

/// An operation of any kind, waiting for the writer.
trait Job: Send {
    /// Runs it; tells whether what it wrote is to be kept.
    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

    /// Answers the caller, now that the group is durable or lost.
    fn answer(self: Box<Self>, durable: bool);
}

struct Pending<O: Operation> {
    operation: O,
    outcome: Option<Result<O::Output, StoreError>>,
    reply: oneshot::Sender<Result<O::Output, StoreError>>,
}

impl<O: Operation> Job for Pending<O> {
    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let outcome = self.operation.run(&mut Conn::Sqlite(connection)).await;
            self.outcome.insert(outcome).is_ok()
        })
    }

    /// A refusal too is an answer only once the group is durable: it may rest on what another of the group wrote.
    fn answer(self: Box<Self>, durable: bool) {
        let outcome = self.outcome.filter(|_| durable).unwrap_or(Err(StoreError::Interrupted));
        // The caller may have gone; its operation is done all the same.
        let _ = self.reply.send(outcome);
    }
}

struct Task {
    options: SqliteConnectOptions,
    /// `None` after a failure, until the file is opened again.
    connection: Option<SqliteConnection>,
    messages: mpsc::Receiver<Message>,
}

impl Task {
    async fn run(mut self) {
        let mut closing = None;
        while closing.is_none() {
            match self.messages.recv().await {
                Some(Message::Run(job)) => closing = self.run_group(job).await,
                Some(Message::Close(done)) => closing = Some(done),
                None => break,
            }
        }
        self.messages.close();
        if let Some(connection) = self.connection
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "closing the database file failed");
        }
        if let Some(done) = closing {
            let _ = done.send(());
        }
    }

    /// Runs and commits an operation and those that wait behind it. Gives the closing request, if one was among them.
    async fn run_group(&mut self, first: Box<dyn Job>) -> Option<oneshot::Sender<()>> {
        let mut group = Group {
            next: Some(first),
            done: Vec::new(),
            closing: None,
        };
        let durable = match self.commit(&mut group).await {
            Ok(connection) => {
                self.connection = Some(connection);
                true
            }
            // Whatever the state of the connection, the next group starts on a fresh one.
            Err(error) => {
                tracing::error!(%error, "a group of writes was lost");
                false
            }
        };
        group
            .done
            .into_iter()
            .chain(group.next)
            .for_each(|job| job.answer(durable));
        group.closing
    }

    /// Makes a group durable; gives the connection back for the next one.
    async fn commit(&mut self, group: &mut Group) -> Result<SqliteConnection, sqlx::Error> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        group.commit(&mut connection, &mut self.messages).await?;
        Ok(connection)
    }
}

/// The operations of one commit.
struct Group {
    next: Option<Box<dyn Job>>,
    done: Vec<Box<dyn Job>>,
    closing: Option<oneshot::Sender<()>>,
}

impl Group {
    async fn commit(
        &mut self,
        connection: &mut SqliteConnection,
        messages: &mut mpsc::Receiver<Message>,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(BEGIN).execute(&mut *connection).await?;
        while let Some(job) = &mut self.next {
            let step = if job.run(connection).await { KEEP } else { TAKE_BACK };
            // Fails when SQLite has already rolled the whole transaction back, as it does when the disk is full.
            sqlx::query(step).execute(&mut *connection).await?;
            self.done.extend(self.next.take());
            if self.done.len() < MAX_GROUP {
                self.take_waiting(messages);
            }
        }
        sqlx::query(COMMIT).execute(&mut *connection).await?;
        Ok(())
    }

    /// Takes one more operation, if one is waiting and nobody asked to close.
    fn take_waiting(&mut self, messages: &mut mpsc::Receiver<Message>) {
        if self.closing.is_some() {
            return;
        }
        match messages.try_recv() {
            Ok(Message::Run(job)) => self.next = Some(job),
            Ok(Message::Close(done)) => self.closing = Some(done),
            Err(_) => {}
        }
    }
}
