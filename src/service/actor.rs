//! Who asks, and what they may do. Every use case begins with a question to this file.

use crate::id::{OfficerId, TokenId};
use crate::licence::credit_code::CreditCode;
use crate::service::proposals::Agreement;

/// What a department's token lets its bearer do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Issue licences and import them.
    Issue,
    /// See the authority's licences.
    Read,
    /// Change the state of the authority's licences.
    Revoke,
    /// Apply the authority's seal to documents.
    Seal,
}

impl Scope {
    /// All, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::Issue, Self::Read, Self::Revoke, Self::Seal];

    /// Its name in tokens, commands and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Issue => "licences:issue",
            Self::Read => "licences:read",
            Self::Revoke => "licences:revoke",
            Self::Seal => "documents:seal",
        }
    }

    /// The scope of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Whoever runs the program on the machine that holds the keys and the database.
    Operator,
    /// A department's system with a bearer token.
    Department {
        /// The token that it showed.
        token: TokenId,
        /// The authority that the token is good for.
        authority: CreditCode,
        /// What the token lets it do.
        scopes: Vec<Scope>,
    },
    /// An officer, by a signature with the officer's own key.
    Officer(OfficerId),
    /// The proposal that as many officers stand behind as its act takes: it has the rights of an operator, for this
    /// act.
    Agreed(Agreement),
    /// The program itself, in what it does unasked or for whoever asks: renewing lists, responders and what it follows.
    /// It has the rights of an operator.
    Program,
    /// Anyone.
    Anonymous,
}

/// Something that this actor may not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody is known to ask.
    #[error("this needs a token")]
    NotAuthenticated,
    /// The token lacks a scope.
    #[error("the token lacks the scope {}", .0.name())]
    Scope(Scope),
    /// The token belongs to another authority.
    #[error("the token is not for authority {0}")]
    Authority(CreditCode),
    /// Only an operator may do this.
    #[error("only an operator may do this")]
    OperatorOnly,
    /// Officers are enrolled, so that it takes the proposal of one and the approval of another.
    #[error("this needs a proposal by one officer and the approval of another")]
    TwoOfficers,
    /// No officer's statement came with the request.
    #[error("this needs the signed statement of an officer")]
    NotAnOfficer,
    /// Only officers may do this.
    #[error("only officers may do this")]
    OfficersOnly,
    /// The key is not that of an officer.
    #[error("no officer is enrolled with key {0}")]
    UnknownOfficer(String),
    /// The officer was removed.
    #[error("officer {0} was removed")]
    RemovedOfficer(OfficerId),
    /// The signature is not that of the officer's key over the statement.
    #[error("the signature is not that of the officer's key")]
    OfficerSignature,
    /// The officer proposed it, so that another must decide.
    #[error("whoever proposed this may not decide it")]
    OwnProposal,
    /// Another officer proposed it.
    #[error("only whoever proposed this may take it back")]
    NotProposer,
}

impl Actor {
    /// Asks whether it may do this for that authority.
    ///
    /// # Errors
    /// Where it may not.
    pub fn may(&self, scope: Scope, authority: &CreditCode) -> Result<(), Denied> {
        let own = self.may_in_own(scope)?;
        match own {
            Some(own) if own != authority => Err(Denied::Authority(*authority)),
            _ => Ok(()),
        }
    }

    /// Asks whether it may do this at all; gives the authority that it is bound to, `None` for an operator.
    ///
    /// # Errors
    /// Where it may not.
    pub fn may_in_own(&self, scope: Scope) -> Result<Option<&CreditCode>, Denied> {
        match self {
            Self::Operator | Self::Agreed(_) | Self::Program => Ok(None),
            Self::Department { authority, scopes, .. } if scopes.contains(&scope) => Ok(Some(authority)),
            Self::Department { .. } | Self::Officer(_) => Err(Denied::Scope(scope)),
            Self::Anonymous => Err(Denied::NotAuthenticated),
        }
    }

    /// Asks for the rights of an operator.
    ///
    /// # Errors
    /// Where it is none.
    pub fn must_be_operator(&self) -> Result<(), Denied> {
        match self {
            Self::Operator | Self::Agreed(_) | Self::Program => Ok(()),
            Self::Department { .. } | Self::Officer(_) => Err(Denied::OperatorOnly),
            Self::Anonymous => Err(Denied::NotAuthenticated),
        }
    }

    /// Asks for the rights of an officer, which an operator has for reading.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn must_be_officer(&self) -> Result<(), Denied> {
        match self {
            Self::Operator | Self::Officer(_) | Self::Agreed(_) | Self::Program => Ok(()),
            Self::Department { .. } => Err(Denied::OfficersOnly),
            Self::Anonymous => Err(Denied::NotAnOfficer),
        }
    }

    /// The token that it showed.
    pub fn token(&self) -> Option<TokenId> {
        match self {
            Self::Department { token, .. } => Some(*token),
            Self::Operator | Self::Officer(_) | Self::Agreed(_) | Self::Program | Self::Anonymous => None,
        }
    }

    /// How it is named in the event record.
    pub fn name(&self) -> String {
        match self {
            Self::Operator => "operator".to_owned(),
            Self::Department { token, authority, .. } => format!("token:{token}@{authority}"),
            Self::Officer(id) => format!("officer:{id}"),
            Self::Agreed(agreement) => format!("proposal:{}", agreement.proposal()),
            Self::Program => "program".to_owned(),
            Self::Anonymous => "anonymous".to_owned(),
        }
    }
}
