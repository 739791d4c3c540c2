//! Authorisations: codes, tokens, grants (PLATFORM.md 1.3–1.9).

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::switches::{RefreshRotation, Switches};
use crate::world::{Holder, Secrets, SellerNo, ShopNo};

/// An auth code lives this long (PLATFORM.md 1.3).
const CODE_LIFE: Duration = Duration::from_secs(30 * 60);
/// How many codes are remembered; expired ones go first, then the oldest.
const CODES_MAX: usize = 10_000;
/// How many access tokens of one grant are remembered; older ones become unknown.
const TOKENS_PER_GRANT_MAX: usize = 8;

/// All authorisations of a world.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Grants {
    grants: Vec<Grant>,
    codes: HashMap<String, Code>,
    access: HashMap<String, AccessToken>,
    refresh: HashMap<String, RefreshToken>,
}

/// Which grant, by its place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct GrantNo(usize);

/// What one seller, creator or partner lets one app do.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) app: usize,
    pub(crate) holder: Holder,
    pub(crate) open_id: String,
    /// Sorted; fixed at consent, so that a scope enabled later does not extend it (PLATFORM.md 9).
    pub(crate) scopes: Vec<String>,
    pub(crate) shops: BTreeSet<ShopNo>,
    #[serde(with = "crate::instant")]
    pub(crate) ends: Timestamp,
    pub(crate) revoked: bool,
    /// When the next warning of its end is due.
    #[serde(default, with = "crate::instant::option")]
    warning: Option<Timestamp>,
    access: VecDeque<String>,
    refresh: VecDeque<String>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Code {
    consent: Consent,
    #[serde(with = "crate::instant")]
    expires: Timestamp,
}

/// What somebody agreed to.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Consent {
    pub(crate) app: usize,
    pub(crate) holder: Holder,
    pub(crate) scopes: Vec<String>,
    pub(crate) shops: BTreeSet<ShopNo>,
}

#[derive(Clone, Serialize, Deserialize)]
struct AccessToken {
    grant: GrantNo,
    #[serde(with = "crate::instant")]
    expires: Timestamp,
    superseded: bool,
    revoked: bool,
}

#[derive(Clone, Serialize, Deserialize)]
struct RefreshToken {
    grant: GrantNo,
    #[serde(with = "crate::instant")]
    expires: Timestamp,
}

/// A fresh pair of tokens and the grant they belong to.
#[derive(Clone)]
pub(crate) struct TokenPair {
    pub(crate) access_token: String,
    pub(crate) access_expires: Timestamp,
    pub(crate) refresh_token: String,
    pub(crate) refresh_expires: Timestamp,
    pub(crate) grant: GrantNo,
}

/// Why no tokens are given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenRefusal {
    /// The code is wrong, used or expired: 36004004.
    Code,
    /// The refresh token is unknown or its grant was revoked: 36004005.
    Unknown,
    /// The refresh token expired: 36004001.
    RefreshExpired,
}

/// What an access token is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenState {
    Live(GrantNo),
    Expired,
    Revoked,
    Unknown,
}

impl Grant {
    /// Whether the alarm that rings now is the one that was set last.
    pub(crate) fn is_warned_at(&self, at: Timestamp) -> bool {
        self.warning == Some(at)
    }

    /// The access token and the refresh token that were issued last.
    pub(crate) fn newest_tokens(&self) -> Option<(&str, &str)> {
        Some((self.access.back()?, self.refresh.back()?))
    }
}

impl Grants {
    /// A code for what somebody agreed to.
    pub(crate) fn issue_code(&mut self, consent: Consent, now: Timestamp, secrets: &mut Secrets) -> String {
        if self.codes.len() >= CODES_MAX {
            self.codes.retain(|_, code| code.expires > now);
        }
        if self.codes.len() >= CODES_MAX {
            let oldest = self.codes.iter().min_by_key(|(_, code)| code.expires).map(|(text, _)| text.clone());
            self.codes.remove(&oldest.unwrap_or_default());
        }
        let code = format!("EMU_{}", secrets.text(&owner_of("code", consent.app, consent.holder), 48));
        self.codes.insert(code.clone(), Code { consent, expires: now + CODE_LIFE });
        code
    }

    /// Trades a code of `app` for tokens, once.
    pub(crate) fn exchange(
        &mut self,
        app: usize,
        code: &str,
        at: &mut Issue<'_>,
    ) -> Result<TokenPair, TokenRefusal> {
        let known = self.codes.get(code).is_some_and(|code| code.consent.app == app && code.expires > at.now);
        let code = known.then(|| self.codes.remove(code)).flatten().ok_or(TokenRefusal::Code)?;
        let grant = self.open(code.consent, at);
        Ok(self.issue_pair(grant, at))
    }

    /// Trades a refresh token of `app` for tokens.
    pub(crate) fn renew(
        &mut self,
        app: usize,
        refresh_token: &str,
        at: &mut Issue<'_>,
    ) -> Result<TokenPair, TokenRefusal> {
        let token = self.refresh.get(refresh_token).ok_or(TokenRefusal::Unknown)?.clone();
        let grant = &self.grants[token.grant.0];
        if grant.app != app || grant.revoked {
            return Err(TokenRefusal::Unknown);
        }
        if token.expires <= at.now {
            return Err(TokenRefusal::RefreshExpired);
        }
        match at.switches.refresh_rotation {
            RefreshRotation::RotateAndKill => drop(self.refresh.remove(refresh_token)),
            RefreshRotation::RotateWithGrace(seconds) => {
                let end = token.expires.min(at.now + Duration::from_secs(seconds));
                self.refresh.insert(refresh_token.into(), RefreshToken { expires: end, ..token });
            }
            RefreshRotation::Keep => {}
        }
        let kept = (at.switches.refresh_rotation == RefreshRotation::Keep).then(|| refresh_token.to_owned());
        Ok(self.issue(token.grant, kept, at))
    }

    /// What an access token is worth now.
    pub(crate) fn state(&self, access_token: &str, now: Timestamp) -> TokenState {
        let Some(token) = self.access.get(access_token) else { return TokenState::Unknown };
        if token.revoked || self.grants[token.grant.0].revoked {
            TokenState::Revoked
        } else if token.superseded || token.expires <= now {
            TokenState::Expired
        } else {
            TokenState::Live(token.grant)
        }
    }

    pub(crate) fn get(&self, grant: GrantNo) -> &Grant {
        &self.grants[grant.0]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Grant> {
        self.grants.iter()
    }

    /// The live grant of a seller for an app.
    pub(crate) fn of_seller(&self, app: usize, seller: SellerNo) -> Option<&Grant> {
        self.of_holder(app, Holder::Seller(seller))
    }

    /// The live grant of anybody for an app.
    pub(crate) fn of_holder(&self, app: usize, holder: Holder) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.app == app && grant.holder == holder && !grant.revoked)
    }

    /// Takes one shop out of every grant of `app`; a grant without shops is revoked. True if there was one.
    pub(crate) fn withdraw(&mut self, app: usize, shop: ShopNo) -> bool {
        let mut found = false;
        for grant in self.grants.iter_mut().filter(|grant| grant.app == app && !grant.revoked) {
            let removed = grant.shops.remove(&shop);
            found |= removed;
            grant.revoked = removed && grant.shops.is_empty();
        }
        found
    }

    /// How many shops an app acts for.
    pub(crate) fn shops_of(&self, app: usize) -> u32 {
        let live = self.grants.iter().filter(|grant| grant.app == app && !grant.revoked);
        u32::try_from(live.map(|grant| grant.shops.len()).sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// Ends the live grant of a holder; true if there was one.
    pub(crate) fn end(&mut self, app: usize, holder: Holder) -> bool {
        let mut grants = self.grants.iter_mut();
        let live = grants.find(|grant| grant.app == app && grant.holder == holder && !grant.revoked);
        live.map(|grant| grant.revoked = true).is_some()
    }

    /// Sets the next warning; false if it is set already, or the grant has ended by then.
    pub(crate) fn set_warning(&mut self, grant: GrantNo, at: Timestamp) -> bool {
        let grant = &mut self.grants[grant.0];
        let fresh = grant.warning != Some(at) && at < grant.ends;
        grant.warning = Some(at).filter(|at| *at < grant.ends);
        fresh
    }

    /// Makes an access token expire now; false if it is unknown.
    pub(crate) fn expire(&mut self, access_token: &str, now: Timestamp) -> bool {
        self.access.get_mut(access_token).map(|token| token.expires = now).is_some()
    }

    /// Makes an access token worthless; false if it is unknown.
    pub(crate) fn revoke(&mut self, access_token: &str) -> bool {
        self.access.get_mut(access_token).map(|token| token.revoked = true).is_some()
    }

    /// Whether every token points to a grant; a snapshot may have been tampered with.
    pub(crate) fn are_consistent(&self) -> bool {
        let known = |grant: GrantNo| grant.0 < self.grants.len();
        self.access.values().all(|token| known(token.grant))
            && self.refresh.values().all(|token| known(token.grant))
    }

    /// The grant of whoever consents, opened or renewed.
    fn open(&mut self, consent: Consent, at: &mut Issue<'_>) -> GrantNo {
        let ends = at.now + at.switches.grant_life();
        let same = |grant: &Grant| grant.app == consent.app && grant.holder == consent.holder;
        if let Some(place) = self.grants.iter().position(same) {
            let grant = &mut self.grants[place];
            grant.scopes = consent.scopes;
            grant.shops = consent.shops;
            grant.ends = ends;
            grant.revoked = false;
            return GrantNo(place);
        }
        self.grants.push(Grant {
            app: consent.app,
            holder: consent.holder,
            open_id: at.secrets.text(&owner_of("open_id", consent.app, consent.holder), 32),
            scopes: consent.scopes,
            shops: consent.shops,
            ends,
            revoked: false,
            warning: None,
            access: VecDeque::new(),
            refresh: VecDeque::new(),
        });
        GrantNo(self.grants.len() - 1)
    }

    /// Tokens after a consent: those of an earlier consent of the same holder end.
    fn issue_pair(&mut self, grant: GrantNo, at: &mut Issue<'_>) -> TokenPair {
        for token in std::mem::take(&mut self.grants[grant.0].refresh) {
            self.refresh.remove(&token);
        }
        self.issue(grant, None, at)
    }

    fn issue(&mut self, number: GrantNo, kept: Option<String>, at: &mut Issue<'_>) -> TokenPair {
        let grant = &mut self.grants[number.0];
        if !at.switches.old_access_token_survives {
            for old in &grant.access {
                if let Some(token) = self.access.get_mut(old) {
                    token.superseded = true;
                }
            }
        }
        let access_token =
            format!("EMU_{}", at.secrets.text(&owner_of("access", grant.app, grant.holder), 76));
        let access_expires = grant.ends.min(at.now + at.switches.access_token_life());
        remember(&mut grant.access, access_token.clone(), &mut self.access);
        let token = AccessToken { grant: number, expires: access_expires, superseded: false, revoked: false };
        self.access.insert(access_token.clone(), token);
        let refresh_token = kept.unwrap_or_else(|| {
            let token = format!("EMU_{}", at.secrets.text(&owner_of("refresh", grant.app, grant.holder), 76));
            remember(&mut grant.refresh, token.clone(), &mut self.refresh);
            self.refresh.insert(token.clone(), RefreshToken { grant: number, expires: grant.ends });
            token
        });
        TokenPair { access_token, access_expires, refresh_token, refresh_expires: grant.ends, grant: number }
    }
}

/// What it takes to issue tokens.
pub(crate) struct Issue<'a> {
    pub(crate) now: Timestamp,
    pub(crate) switches: &'a Switches,
    pub(crate) secrets: &'a mut Secrets,
}

/// Whose secrets: those of one holder for one app.
fn owner_of(what: &str, app: usize, holder: Holder) -> String {
    format!("{what}:{app}:{}", holder.form_value())
}

/// Adds a token to a grant's list and forgets the oldest one beyond the bound.
fn remember<T>(list: &mut VecDeque<String>, token: String, known: &mut HashMap<String, T>) {
    list.push_back(token);
    while list.len() > TOKENS_PER_GRANT_MAX {
        if let Some(oldest) = list.pop_front() {
            known.remove(&oldest);
        }
    }
}

impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grants").field("grants", &self.grants.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("holder", &self.holder).finish_non_exhaustive()
    }
}
