// Not run here: see settings.gradle.kts.
plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.compose.compiler)
}

android {
    namespace = "dev.enishi.app"
    compileSdk = libs.versions.compile.sdk.get().toInt()
    defaultConfig {
        applicationId = "dev.enishi.app"
        minSdk = libs.versions.min.sdk.get().toInt()
        targetSdk = libs.versions.target.sdk.get().toInt()
        ndk { abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64") }
    }
    buildFeatures { compose = true }
    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles("proguard-rules.pro", "../../bindings/kotlin/consumer-rules.pro")
        }
    }
    sourceSets.named("main") {
        res.directories.add("../../target/strings/android/res")
        // The core for each processor, made with the NDK.
        jniLibs.directories.add("../../target/android/native")
    }
    packaging {
        // The library for the machine that made the package.
        resources.excludes += listOf("linux-*/**", "darwin-*/**", "win32-*/**")
    }
}

dependencies {
    implementation(project(":ui"))
    implementation(libs.coroutines.android)
    implementation(libs.jna) { artifact { type = "aar" } }
}
