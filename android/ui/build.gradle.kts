// Not run here: see settings.gradle.kts.
plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.compose.compiler)
}

android {
    namespace = "dev.enishi.ui"
    compileSdk = libs.versions.compile.sdk.get().toInt()
    defaultConfig { minSdk = libs.versions.min.sdk.get().toInt() }
    buildFeatures { compose = true }
    // `cargo xtask strings` makes the words from the one source.
    sourceSets.named("main") { kotlin.directories.add("../../target/strings/kotlin") }
}

kotlin { compilerOptions { freeCompilerArgs.add("-Xconsistent-data-class-copy-visibility") } }

dependencies {
    // `cargo xtask kotlin --release` makes the package.
    api(files("../../target/kotlin/build/enishi-0.1.0.jar"))
    api(libs.coroutines.core)
    api(libs.bundles.aars)
    api(libs.bundles.jars)
}
