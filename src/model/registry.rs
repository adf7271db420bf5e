//! Makes models from their names: `PROVIDER:MODEL`, an alias, or `fallback:A,B,…`.

mod chains;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::http::Connection;
use super::with_settings::WithSettings;
use super::{
    CommandModel, FallbackModel, FallbackOn, HttpModel, ListStore, Member, Model, RetryModel, RetryPolicy, TestModel,
    Unavailable,
};
use crate::catalog::InterfaceKind;
use crate::config::{Config, ConfigError, Environment, GivenLimits, ModelEntry, ResolvedProvider};
use crate::settings::{Settings, split_variant};
use crate::wire::{ErrorKind, ModelError};

/// How often a request is tried again when the configuration doesn't say; the official SDKs' value.
const RETRIES: u32 = 2;
/// A model that is no service gives the same answer again, and the same failure.
const NO_RETRIES: RetryPolicy = RetryPolicy { retries: 0 };
/// What a chain falls back on when it doesn't say.
const UNTOLD: [FallbackOn; 1] = [FallbackOn::Http];
/// How deep chains and aliases may refer to each other.
const MAX_DEPTH: usize = 16;

/// What the user said for this run, over the configuration.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Settings for every model.
    pub settings: Settings,
    /// How often to try again.
    pub retries: Option<u32>,
    /// How long to wait for what, whoever is asked.
    pub limits: GivenLimits,
}

/// Makes models that are not built in: from the whole name and from what stands behind the colon.
type Maker = Arc<dyn Fn(&str, &str) -> Result<Arc<dyn Model>, ModelError> + Send + Sync>;

/// Changes a model before it is made.
type Redirect = Arc<dyn Fn(Member) -> Member + Send + Sync>;

/// Makes models from their names.
#[derive(Clone)]
pub struct Registry {
    config: Arc<Config>,
    environment: Arc<Environment>,
    overrides: Overrides,
    lists: Option<ListStore>,
    connections: Arc<Mutex<HashMap<String, Arc<Connection>>>>,
    makers: HashMap<String, Maker>,
    redirect: Option<Redirect>,
}

/// Where in a chain a model stands: a chain moves on instead of trying again.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Alone,
    InChain,
}

impl Registry {
    /// A registry over this configuration.
    #[must_use]
    pub fn new(config: Arc<Config>, environment: Arc<Environment>, overrides: Overrides) -> Self {
        let lists = ListStore::of(&environment);
        Self {
            config,
            environment,
            overrides,
            lists,
            connections: Arc::default(),
            makers: HashMap::new(),
            redirect: None,
        }
    }

    /// The same connections under other wishes; those that stand keep their limits.
    #[must_use]
    pub fn with_overrides(&self, overrides: Overrides) -> Self {
        Self { overrides, ..self.clone() }
    }

    /// Where providers' own lists of models are kept, if anywhere.
    #[must_use]
    pub fn lists(&self) -> Option<&ListStore> {
        self.lists.as_ref()
    }

    /// The same registry, in which `PROVIDER:ANYTHING` is what `maker` makes of it. It is given the name by which the
    /// model was picked, which shall be its [`Model::id`], and what stands behind the colon.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use llmbench::model::{FunctionModel, Overrides, Registry, Request};
    ///
    /// let registry = Registry::new(Arc::default(), Arc::default(), Overrides::default());
    /// let registry = registry.with_maker("function", |_, name| match name {
    ///     "shouting" => Ok(Arc::new(FunctionModel::new(name, |request: &Request| request.prompt().to_uppercase()))),
    ///     _ => Ok(Arc::new(FunctionModel::new(name, |request: &Request| request.prompt()))),
    /// });
    /// assert_eq!(registry.model("function:shouting")?.id(), "function:shouting");
    /// # Ok::<(), llmbench::model::ModelError>(())
    /// ```
    #[must_use]
    pub fn with_maker(
        mut self,
        provider: &str,
        maker: impl Fn(&str, &str) -> Result<Arc<dyn Model>, ModelError> + Send + Sync + 'static,
    ) -> Self {
        self.makers.insert(provider.to_owned(), Arc::new(maker));
        self
    }

    /// The same registry, in which every model is what `redirect` makes of it: it is called once for each, in the order
    /// in which a chain asks them, and none shares its connection with another. Makers are left out, since nobody can
    /// say where their models go. Probes and lists of models are not redirected.
    #[must_use]
    pub fn redirected(&self, redirect: impl Fn(Member) -> Member + Send + Sync + 'static) -> Self {
        Self { makers: HashMap::new(), redirect: Some(Arc::new(redirect)), ..self.clone() }
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The environment.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The model of that name. Nothing is looked up or connected before its first request.
    ///
    /// # Errors
    /// `ErrorKind::Config` for a name that means nothing, with the closest known one; `ErrorKind::Auth` when there is
    /// no key, with where it could come from. A chain's model without a key fails when it is asked, as any other.
    pub fn model(&self, name: &str) -> Result<Arc<dyn Model>, ModelError> {
        self.build(name, name, &self.config.defaults, Place::Alone, 0)
    }

    fn build(
        &self,
        id: &str,
        name: &str,
        settings: &Settings,
        place: Place,
        depth: usize,
    ) -> Result<Arc<dyn Model>, ModelError> {
        if depth > MAX_DEPTH {
            return Err(config_error(format!("model {id:?} refers to itself")));
        }
        if let Some(members) = name.strip_prefix("fallback:") {
            let members: Vec<_> = members.split(',').map(|member| member.trim().to_owned()).collect();
            return self.chain(id, &members, UNTOLD.to_vec(), settings, depth);
        }
        match self.config.model(name) {
            Some(ModelEntry::Alias { model, settings: own }) => {
                self.build(id, model, &settings.overridden_by(own), place, depth + 1)
            }
            Some(ModelEntry::Fallback { models, on, settings: own }) => {
                self.chain(id, models, on.clone(), &settings.overridden_by(own), depth)
            }
            None => {
                let (base, own) = split_variant(name).map_err(|error| config_error(format!("{name:?}: {error}")))?;
                if own == Settings::default() {
                    return self.leaf(id, name, settings, place);
                }
                // What a model is named with is over what anybody else asks of it.
                Ok(Arc::new(WithSettings::over(self.build(id, base, settings, place, depth + 1)?, own)))
            }
        }
    }

    fn chain(
        &self,
        id: &str,
        members: &[String],
        on: Vec<FallbackOn>,
        settings: &Settings,
        depth: usize,
    ) -> Result<Arc<dyn Model>, ModelError> {
        if members.iter().any(String::is_empty) || members.is_empty() {
            return Err(config_error(format!("the fallback chain {id:?} lacks a model: write fallback:A,B")));
        }
        let build = |member: &String| self.build(member, member, settings, Place::InChain, depth + 1);
        let models = members.iter().map(build).collect::<Result<Vec<_>, _>>()?;
        Ok(Arc::new(FallbackModel::new(id, models).with_fallback_on(on)?))
    }

    fn leaf(&self, id: &str, name: &str, settings: &Settings, place: Place) -> Result<Arc<dyn Model>, ModelError> {
        let Some((provider, model)) = name.split_once(':').filter(|(_, model)| !model.is_empty()) else {
            return Err(self.unknown(name));
        };
        let settings = settings.overridden_by(&self.overrides.settings);
        if let Some(maker) = self.makers.get(provider) {
            let limit = settings.limit();
            let made = WithSettings::new(maker(id, model)?, settings);
            return Ok(Arc::new(RetryModel::new(made, NO_RETRIES).with_limit(limit)));
        }
        let Some(redirect) = &self.redirect else {
            return self.make(id, model, &self.connection(provider)?, settings, place);
        };
        let (provider, model) = (self.resolved(provider)?, model.to_owned());
        let member = redirect(Member { id: id.to_owned(), model, provider, settings });
        let connection = Arc::new(Connection::new(member.provider));
        self.make(&member.id, &member.model, &connection, member.settings, place)
    }

    fn make(
        &self,
        id: &str,
        model: &str,
        connection: &Arc<Connection>,
        settings: Settings,
        place: Place,
    ) -> Result<Arc<dyn Model>, ModelError> {
        let provider = connection.provider();
        if provider.interface == InterfaceKind::Test {
            return Ok(Arc::new(TestModel::parse(id, model)?.with_settings(settings)));
        }
        if let Some(reason) = &provider.missing_key {
            let error = ModelError::new(ErrorKind::Auth, reason);
            return if place == Place::Alone { Err(error) } else { Ok(Unavailable::model(id, error)) };
        }
        let retries = self.overrides.retries.filter(|_| place == Place::Alone).or(provider.retries);
        if provider.interface == InterfaceKind::Command {
            let command = CommandModel::new(id, model, Arc::clone(connection), settings)?;
            let (limit, policy) = (command.limit(), RetryPolicy { retries: retries.unwrap_or_default() });
            return Ok(Arc::new(RetryModel::new(command, policy).with_limit(limit)));
        }
        let retries = retries.unwrap_or(if place == Place::Alone { RETRIES } else { 0 });
        let http = HttpModel::new(id, model, Arc::clone(connection), settings)?;
        let limit = http.limit();
        Ok(Arc::new(RetryModel::new(http, RetryPolicy { retries }).with_limit(limit)))
    }

    /// The provider's client and key, shared by all of its models.
    ///
    /// # Errors
    /// `ErrorKind::Config` for a name that means nothing, with the closest known one.
    pub fn connection(&self, provider: &str) -> Result<Arc<Connection>, ModelError> {
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = connections.get(provider) {
            return Ok(Arc::clone(connection));
        }
        let connection = Arc::new(Connection::new(self.resolved(provider)?).with_lists(self.lists.clone()));
        connections.insert(provider.to_owned(), Arc::clone(&connection));
        Ok(connection)
    }

    fn resolved(&self, provider: &str) -> Result<ResolvedProvider, ModelError> {
        let resolved = self.config.provider(provider, &self.environment).map_err(|error| from_config(&error))?;
        Ok(ResolvedProvider { limits: resolved.limits.with(self.overrides.limits), ..resolved })
    }

    /// A name without a colon that is no alias.
    fn unknown(&self, name: &str) -> ModelError {
        let error = config_error(format!("unknown model {name:?}"));
        let aliases = self.config.models.iter().map(|(alias, _)| alias.as_str());
        match crate::catalog::closest(name.trim_end_matches(':'), aliases) {
            Some(alias) => error.with_hint(format!("did you mean {alias:?}?")),
            None => error.with_hint("write PROVIDER:MODEL, for example openai:gpt-4o, or the name of a [models.NAME]"),
        }
    }
}

fn config_error(message: String) -> ModelError {
    ModelError::new(ErrorKind::Config, message)
}

fn from_config(error: &ConfigError) -> ModelError {
    ModelError { hint: error.hint.clone(), ..config_error(error.to_string()) }
}
