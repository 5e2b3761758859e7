// Not run here: see ../settings.gradle.kts. `cargo xtask demo --app` opens the same window.
plugins {
    alias(libs.plugins.kotlin.jvm)
    alias(libs.plugins.compose.compiler)
    alias(libs.plugins.compose.desktop)
}

kotlin {
    compilerOptions { freeCompilerArgs.add("-Xconsistent-data-class-copy-visibility") }
    sourceSets.main {
        kotlin.srcDirs("../ui/src/main/kotlin", "../../target/strings/kotlin")
    }
}

dependencies {
    implementation(files("../../target/kotlin/build/enishi-0.1.0.jar"))
    implementation(libs.coroutines.core)
    implementation(libs.coroutines.swing)
    implementation(libs.jna)
    implementation(compose.desktop.currentOs)
    implementation(compose.material3)
    implementation(libs.desktop.navigation.compose)
    implementation(libs.desktop.lifecycle.viewmodel.compose)
    implementation(libs.desktop.lifecycle.runtime.compose)
    implementation(libs.zxing.desktop)
}
