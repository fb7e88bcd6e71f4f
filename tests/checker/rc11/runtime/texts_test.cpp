#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>

/// Functions of the C library for texts, where this runtime stands in for them: they do the same,
/// and what they touch is seen.
namespace parley::tests {

namespace {

struct Texts {
    char to[24] = "to";
    char from[24] = "from here";
    int number = 0;
};

using TextUse = void (*)(Texts&);

/// Another thread writes the second byte of one of the two.
Verification beside_write(TextUse use, char (Texts::*text)[24]) {
    return verify([=] {
        const auto owner = std::make_unique<Texts>();
        std::thread other([text, &shared = *owner] { (shared.*text)[1] = 'x'; });
        use(*owner);
        other.join();
    });
}

}  // namespace

TEST_CASE("texts: functions do what the C library's do") {
    char to[16];
    const auto filled = [&] { std::memset(to, '#', sizeof to); };
    filled();
    CHECK(std::strcpy(to, "abc") == to);
    CHECK(std::string(to, 5) == std::string("abc\0#", 5));
    filled();
    CHECK(stpcpy(to, "abc") == to + 3);
    CHECK(std::string(to, 5) == std::string("abc\0#", 5));
    filled();
    CHECK(std::strncpy(to, "abc", 5) == to);
    CHECK(std::string(to, 6) == std::string("abc\0\0#", 6));
    filled();
    CHECK(std::strncpy(to, "abc", 2) == to);
    CHECK(std::string(to, 3) == "ab#");
    filled();
    CHECK(stpncpy(to, "abc", 5) == to + 3);
    CHECK(stpncpy(to, "abc", 2) == to + 2);
    filled();
    std::strcpy(to, "ab");
    CHECK(std::strcat(to, "cd") == to);
    CHECK(std::string(to, 6) == std::string("abcd\0#", 6));
    CHECK(std::strncat(to, "efgh", 2) == to);
    CHECK(std::string(to, 8) == std::string("abcdef\0#", 8));
    CHECK(std::strncat(to, "x", 4) == to);
    CHECK(std::string(to) == "abcdefx");
    const std::unique_ptr<char, decltype(&std::free)> same(strdup("abc"), &std::free);
    CHECK(std::string(same.get()) == "abc");
    const std::unique_ptr<char, decltype(&std::free)> part(strndup("abc", 2), &std::free);
    CHECK(std::string(part.get()) == "ab");
    CHECK(strnlen("abc", 2) == 2);
    CHECK(strnlen("abc", 9) == 3);
    CHECK(std::strcmp("abc", "abd") < 0);
    CHECK(std::strcmp("abc", "ab") > 0);
    CHECK(std::strcmp("abc", "abc") == 0);
    CHECK(std::strncmp("abc", "abd", 2) == 0);
    CHECK(std::strncmp("abc", "abd", 3) < 0);
    const char text[] = "abcabc";
    CHECK(std::strchr(text, 'c') == text + 2);
    CHECK(std::strchr(text, 0) == text + 6);
    CHECK(std::strchr(text, 'x') == nullptr);
    CHECK(std::strrchr(text, 'c') == text + 5);
    CHECK(std::strstr(text, "ca") == text + 2);
    CHECK(std::strstr(text, "cb") == nullptr);
    CHECK(std::memchr(text, 'c', 2) == nullptr);
    CHECK(std::memchr(text, 'c', 3) == text + 2);
    filled();
    CHECK(std::snprintf(to, 4, "%d %s", 12, "abc") == 6);
    CHECK(std::string(to, 5) == std::string("12 \0#", 5));
    CHECK(std::snprintf(nullptr, 0, "%05.1f", 2.25) == 5);
    CHECK(std::sprintf(to, "%s-%x", "ab", 255U) == 5);
    CHECK(std::string(to) == "ab-ff");
}

TEST_CASE("texts: what is read and written races with who writes it") {
    const TextUse reads[] = {
        [](Texts& shared) { std::strcpy(shared.to, shared.from); },
        [](Texts& shared) { stpcpy(shared.to, shared.from); },
        [](Texts& shared) { std::strncpy(shared.to, shared.from, 3); },
        [](Texts& shared) { stpncpy(shared.to, shared.from, 3); },
        [](Texts& shared) { std::strcat(shared.to, shared.from); },
        [](Texts& shared) { std::strncat(shared.to, shared.from, 2); },
        [](Texts& shared) { std::free(strdup(shared.from)); },
        [](Texts& shared) { std::free(strndup(shared.from, 2)); },
        [](Texts& shared) { shared.number = static_cast<int>(strnlen(shared.from, 2)); },
        [](Texts& shared) { shared.number = std::strcmp(shared.to, shared.from + 1); },
        [](Texts& shared) { shared.number = std::strcmp(shared.from + 1, shared.to); },
        [](Texts& shared) { shared.number = std::strncmp(shared.to, shared.from + 1, 1); },
        [](Texts& shared) { shared.number = std::strchr(shared.from, 'o') != nullptr ? 1 : 2; },
        [](Texts& shared) { shared.number = std::strchr(shared.from, '#') != nullptr ? 1 : 2; },
        [](Texts& shared) { shared.number = std::strrchr(shared.from, 'e') != nullptr ? 1 : 2; },
        [](Texts& shared) { shared.number = std::strstr(shared.from, "ro") != nullptr ? 1 : 2; },
        [](Texts& shared) {
            shared.number = std::strstr(shared.to, shared.from) != nullptr ? 1 : 2;
        },
        [](Texts& shared) { shared.number = std::memchr(shared.from, 'o', 9) != nullptr ? 1 : 2; },
        [](Texts& shared) { shared.number = std::memchr(shared.from, '#', 9) != nullptr ? 1 : 2; },
        [](Texts& shared) { std::snprintf(shared.to, sizeof shared.to, shared.from, 0); },
    };
    for (const TextUse& use : reads) {
        CAPTURE(&use - reads);
        check_violated(beside_write(use, &Texts::from), "data race");
    }
    const TextUse writes[] = {
        [](Texts& shared) { std::strcpy(shared.to, "ab"); },
        [](Texts& shared) { std::strcpy(shared.to, shared.from); },
        [](Texts& shared) { stpcpy(shared.to, shared.from); },
        [](Texts& shared) { std::strncpy(shared.to, "", 9); },
        [](Texts& shared) { stpncpy(shared.to, "", 9); },
        [](Texts& shared) { std::strcat(shared.to, shared.from); },
        [](Texts& shared) { std::strncat(shared.to, shared.from, 2); },
        [](Texts& shared) { std::snprintf(shared.to, sizeof shared.to, "%d", 4711); },
        [](Texts& shared) { std::sprintf(shared.to, "%d", 4711); },
    };
    for (const TextUse& use : writes) {
        CAPTURE(&use - writes);
        check_violated(beside_write(use, &Texts::to), "data race");
    }
}

TEST_CASE("texts: the zero at the end is read as well") {
    const TextUse uses[] = {
        [](Texts& shared) { std::free(strdup(shared.from)); },
        [](Texts& shared) { std::free(strndup(shared.from, 2)); },
        [](Texts& shared) { std::strcpy(shared.to, shared.from); },
        [](Texts& shared) { shared.number = static_cast<int>(strnlen(shared.from, 2)); },
    };
    for (const TextUse& use : uses) {
        CAPTURE(&use - uses);
        check_violated(verify([=] {
                           const auto owner = std::make_unique<Texts>();
                           owner->from[0] = 0;
                           std::thread other([&shared = *owner] { shared.from[0] = 'x'; });
                           use(*owner);
                           other.join();
                       }),
                       "data race");
    }
}

TEST_CASE("texts: what has been atomic is read as it is") {
    const TextUse uses[] = {
        [](Texts& shared) { rc11::check(std::strlen(shared.from) == 2, "strlen"); },
        [](Texts& shared) { rc11::check(strnlen(shared.from, 9) == 2, "strnlen"); },
        [](Texts& shared) { rc11::check(std::strcmp(shared.from, "ok") == 0, "strcmp"); },
        [](Texts& shared) { rc11::check(std::strcmp("ok", shared.from) == 0, "strcmp"); },
        [](Texts& shared) {
            rc11::check(std::strchr(shared.from, 'k') == shared.from + 1, "strchr");
        },
        [](Texts& shared) {
            rc11::check(std::strstr(shared.from, "k") == shared.from + 1, "strstr");
        },
        [](Texts& shared) {
            std::strcpy(shared.to, shared.from);
            rc11::check(shared.to[0] == 'o' && shared.to[1] == 'k' && shared.to[2] == 0, "strcpy");
        },
        [](Texts& shared) {
            std::snprintf(shared.to, sizeof shared.to, "%d", 7);
            rc11::check(shared.to[0] == '7', "snprintf");
        },
    };
    for (const TextUse& use : uses) {
        CAPTURE(&use - uses);
        const Verification verification = verify([=] {
            const auto owner = std::make_unique<Texts>();
            std::fill_n(owner->from, sizeof owner->from, '\0');
            std::thread other([&shared = *owner] {
                std::atomic_ref(shared.from[0]).store('o', std::memory_order_relaxed);
                std::atomic_ref(shared.from[1]).store('k', std::memory_order_relaxed);
            });
            other.join();
            use(*owner);
        });
        INFO(text_of(verification));
        CHECK(verification.result == Result::verified);
    }
}

TEST_CASE("texts: what is not touched does not race") {
    const TextUse uses[] = {
        [](Texts& shared) { std::strncpy(shared.to, shared.from, 1); },
        [](Texts& shared) { shared.number = std::strcmp("a", shared.from); },
        [](Texts& shared) { shared.number = std::strncmp("fr", shared.from, 1); },
        [](Texts& shared) { shared.number = std::strchr(shared.from, 'f') != nullptr ? 1 : 2; },
        [](Texts& shared) { shared.number = std::memchr(shared.from, '#', 1) != nullptr ? 1 : 2; },
        [](Texts& shared) { shared.number = static_cast<int>(strnlen(shared.from, 1)); },
        [](Texts& shared) { shared.number = std::snprintf(shared.from, 1, "%d", 4711); },
    };
    for (const TextUse& use : uses) {
        CAPTURE(&use - uses);
        const Verification verification = beside_write(use, &Texts::from);
        INFO(text_of(verification));
        CHECK(verification.result == Result::verified);
    }
}

TEST_CASE("texts: what comes from outside is as it was for each execution") {
    static char text[16] = "start";
    const Verification verification = verify([] {
        rc11::check(std::strcmp(text, "start") == 0, "it is as it was");
        std::atomic<int> flag{0};
        std::thread other([&] { flag.store(1); });
        std::snprintf(text, sizeof text, "%d", flag.load());
        rc11::outcome(text);
        other.join();
        std::strcpy(text, "another text");
    });
    INFO(text_of(verification));
    CHECK(verification.result == Result::verified);
    CHECK(verification.executions == 2);
    CHECK(std::string(text) == "start");
}

TEST_CASE("texts: where there is none, whoever hands it to the library is what crashes") {
    static const char* volatile nowhere = nullptr;
    static char* volatile lost = nullptr;
    const auto place_of = [](void (*use)()) {
        const Verification verification = verify(use);
        check_violated(verification, "crash: SIGSEGV");
        return verification.counterexample.back().place;
    };
    constexpr int line = __LINE__;
    const std::string text = place_of([] { rc11::check(std::strlen(nowhere) == 1, "it is one"); });
    const std::string part = place_of([] { rc11::check(std::strtok(lost, " ") == nullptr, "no"); });
    CHECK_THAT(text, Catch::Matchers::EndsWith("texts_test.cpp:" + std::to_string(line + 1)));
    CHECK_THAT(part, Catch::Matchers::EndsWith("texts_test.cpp:" + std::to_string(line + 2)));
}

TEST_CASE("texts: a copy is freed, or it is a leak") {
    const auto copied = [](bool is_freed) {
        return verify([is_freed] {
            char* const text = strdup("text");
            if (is_freed) std::free(text);
        });
    };
    CHECK(copied(true).result == Result::verified);
    check_violated(copied(false), "leak");
}

}  // namespace parley::tests
