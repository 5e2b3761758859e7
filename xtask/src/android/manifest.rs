//! One manifest of the app's and its libraries', as the store's tools would merge them; only what ours need of that.

use super::xml::Element;
use crate::Failed;

/// The app's manifest with what its libraries declare. An attribute or element that the app has stays as it is.
pub(super) fn merge(app: &str, libraries: &[String]) -> Result<Element, Failed> {
    let package = Element::parse(app)?.get("package").ok_or("the manifest names no package")?.to_owned();
    let named = |text: &str| text.replace("${applicationId}", &package);
    let mut manifest = Element::parse(&named(app))?;
    for library in libraries {
        add(&mut manifest, Element::parse(&named(library))?)?;
    }
    remove(&mut manifest);
    // These tell the merging what to do, which is done.
    manifest.retain(&|name| !name.starts_with("tools:"));
    Ok(manifest)
}

fn add(manifest: &mut Element, library: Element) -> Result<(), Failed> {
    for element in library.children {
        match element.name.as_str() {
            "permission" | "uses-permission" if !has(manifest, &element) => manifest.children.insert(0, element),
            "application" => {
                let application = manifest.children.iter_mut().find(|child| child.name == "application");
                add_application(application.ok_or("the manifest has no application")?, element);
            }
            _ => {}
        }
    }
    Ok(())
}

fn add_application(application: &mut Element, library: Element) {
    for (name, value) in library.attributes {
        if application.get(&name).is_none() {
            application.attributes.push((name, value));
        }
    }
    for element in library.children {
        let named = element.get("android:name").map(str::to_owned);
        let same = application
            .children
            .iter_mut()
            .find(|child| child.name == element.name && child.get("android:name") == named.as_deref());
        match same {
            // A provider that several libraries hang their own start on.
            Some(same) => {
                let new: Vec<_> = element.children.into_iter().filter(|child| !has(same, child)).collect();
                same.children.extend(new);
            }
            None => application.children.push(element),
        }
    }
}

/// What the app's manifest names only so that no library brings it.
fn remove(element: &mut Element) {
    element.children.retain(|child| child.get("tools:node") != Some("remove"));
    element.children.iter_mut().for_each(remove);
}

fn has(manifest: &Element, element: &Element) -> bool {
    manifest
        .children
        .iter()
        .any(|child| child.name == element.name && child.get("android:name") == element.get("android:name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: &str = r#"<manifest package="dev.enishi.app" xmlns:android="a" xmlns:tools="t">
        <application android:allowBackup="false" tools:replace="x"><activity android:name=".A"/></application>
        </manifest>"#;

    #[test]
    fn what_the_app_says_stays_and_what_libraries_declare_is_added_once() {
        let start = r#"<manifest package="x"><uses-permission android:name="p"/>
            <application android:allowBackup="true" android:factory="f"><provider android:name="s"
            android:authorities="${applicationId}.s"><meta-data android:name="one"/></provider></application></manifest>"#;
        let other = start.replace("one", "two");
        let merged = merge(APP, &[start.into(), other]).expect("merges");
        assert_eq!(merged.children.iter().filter(|child| child.name == "uses-permission").count(), 1);
        let application = merged.child("application").expect("there");
        assert_eq!(application.get("android:allowBackup"), Some("false"));
        assert_eq!(application.get("android:factory"), Some("f"));
        assert_eq!(application.get("tools:replace"), None);
        let provider = application.child("provider").expect("there");
        assert_eq!(provider.get("android:authorities"), Some("dev.enishi.app.s"));
        assert_eq!(provider.children.len(), 2);
    }

    #[test]
    fn what_the_app_does_not_want_is_left_out() {
        let app = APP.replace("<activity", "<receiver android:name=\"r\" tools:node=\"remove\"/><activity");
        let library = "<manifest><application><receiver android:name=\"r\" x=\"y\"/></application></manifest>";
        let merged = merge(&app, &[library.into()]).expect("merges");
        let names: Vec<_> =
            merged.child("application").expect("there").children.iter().map(|child| child.name.as_str()).collect();
        assert_eq!(names, ["activity"]);
    }

    #[test]
    fn what_is_written_reads_as_the_same() {
        let element = merge(APP, &[]).expect("merges");
        let text = String::from_utf8(element.to_xml().expect("writes")).expect("text");
        assert_eq!(Element::parse(&text).expect("reads"), element);
    }
}
