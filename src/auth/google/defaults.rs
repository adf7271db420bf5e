//! Where Google's own tools keep credentials and project: variables, gcloud's folder.

use std::fs;
use std::path::{Path, PathBuf};

/// The variable that names the file of the default credentials.
const FILE: &str = "GOOGLE_APPLICATION_CREDENTIALS";

/// What the environment tells of the default credentials. Nothing of it is looked at yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// The file that `GOOGLE_APPLICATION_CREDENTIALS` names.
    pub file: Option<PathBuf>,
    /// gcloud's folder: `CLOUDSDK_CONFIG`, or its usual place.
    pub gcloud: Option<PathBuf>,
    /// gcloud's configuration (`CLOUDSDK_ACTIVE_CONFIG_NAME`), if not the one that its folder names.
    pub configuration: Option<String>,
    /// gcloud's project (`CLOUDSDK_CORE_PROJECT`), if not its configuration's.
    pub project: Option<String>,
    /// The project that is billed (`GOOGLE_CLOUD_QUOTA_PROJECT`), if not the one that the credentials name.
    pub quota_project: Option<String>,
    /// Host and port of the metadata server (`GCE_METADATA_HOST`), if not Google's own.
    pub metadata_host: Option<String>,
    /// Whether the metadata server must not be asked (`NO_GCE_CHECK`).
    pub no_metadata: bool,
}

impl Defaults {
    /// What these variables tell.
    pub fn read<'a>(variable: impl Fn(&str) -> Option<&'a str>) -> Self {
        let own = |name: &str| variable(name).map(|value| value.trim().to_owned());
        let usual = || match variable("APPDATA") {
            Some(folder) if cfg!(windows) => Some(Path::new(folder).join("gcloud")),
            _ => Some(Path::new(variable("HOME")?).join(".config/gcloud")),
        };
        Self {
            file: own(FILE).map(PathBuf::from),
            gcloud: own("CLOUDSDK_CONFIG").map(PathBuf::from).or_else(usual),
            configuration: own("CLOUDSDK_ACTIVE_CONFIG_NAME"),
            project: own("CLOUDSDK_CORE_PROJECT"),
            quota_project: own("GOOGLE_CLOUD_QUOTA_PROJECT"),
            metadata_host: own("GCE_METADATA_HOST"),
            no_metadata: own("NO_GCE_CHECK").is_some_and(|word| word.eq_ignore_ascii_case("true")),
        }
    }

    /// The file that `gcloud auth application-default login` writes.
    #[must_use]
    pub fn gcloud_file(&self) -> Option<PathBuf> {
        self.gcloud.as_ref().map(|folder| folder.join("application_default_credentials.json"))
    }

    /// gcloud's configured project: <https://cloud.google.com/sdk/docs/configurations>.
    #[must_use]
    pub fn gcloud_project(&self) -> Option<String> {
        self.project.clone().or_else(|| {
            let folder = self.gcloud.as_ref()?;
            let active = || Some(fs::read_to_string(folder.join("active_config")).ok()?.trim().to_owned());
            let name = self.configuration.clone().or_else(active).unwrap_or_else(|| "default".to_owned());
            let text = fs::read_to_string(folder.join("configurations").join(format!("config_{name}"))).ok()?;
            core_project(&text)
        })
    }
}

/// `project` of the section `[core]`.
fn core_project(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).skip_while(|line| *line != "[core]").skip(1);
    let mut pairs = lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once('='));
    let (_, project) = pairs.find(|(key, _)| key.trim() == "project")?;
    Some(project.trim().to_owned()).filter(|project| !project.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_tell_where_to_look() {
        let variables = |name: &str| match name {
            "GOOGLE_APPLICATION_CREDENTIALS" => Some("/keys/a.json"),
            "CLOUDSDK_CONFIG" => Some("/gcloud"),
            "GCE_METADATA_HOST" => Some("127.0.0.1:1"),
            "NO_GCE_CHECK" => Some("True"),
            _ => None,
        };
        let expected = Defaults {
            file: Some("/keys/a.json".into()),
            gcloud: Some("/gcloud".into()),
            metadata_host: Some("127.0.0.1:1".to_owned()),
            no_metadata: true,
            ..Defaults::default()
        };
        assert_eq!(Defaults::read(variables), expected);
        assert_eq!(Defaults::read(|_| None), Defaults::default());
    }

    #[test]
    fn gclouds_project_is_the_active_configurations() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        fs::create_dir(folder.path().join("configurations")).expect("a folder");
        write("configurations/config_default", "[core]\naccount = me\nproject = one\n[compute]\nproject = no\n");
        write("configurations/config_work", "[compute]\nproject = no\n[core]\nproject=two\n");
        write("configurations/config_bare", "[core]\naccount = me\n[other]\nproject = no\n");
        let defaults = Defaults { gcloud: Some(folder.path().to_owned()), ..Defaults::default() };
        let named = |name: &str| Defaults { configuration: Some(name.to_owned()), ..defaults.clone() };
        assert_eq!(defaults.gcloud_project().as_deref(), Some("one"));
        write("active_config", "work\n");
        assert_eq!(defaults.gcloud_project().as_deref(), Some("two"));
        assert_eq!(named("default").gcloud_project().as_deref(), Some("one"));
        assert_eq!(named("bare").gcloud_project(), None);
        assert_eq!(named("missing").gcloud_project(), None);
    }
}
