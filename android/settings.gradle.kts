// Not run here: for Android Studio and releases, where Gradle and an SDK are. `cargo xtask android` builds and tests
// the same sources, resources, manifest and R8 rules without either.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "enishi"

include(":ui", ":app", ":desktop")
