#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>

/// Memory that is accessed atomically at times and plainly at others.
namespace parley::tests {

namespace {

using Word = std::atomic<std::uint32_t>;

/// Plainly.
std::uint8_t& byte_of(Word& word, std::size_t index) {
    return reinterpret_cast<std::uint8_t*>(&word)[index];
}

}  // namespace

TEST_CASE("mixed access: an atomic store races with a plain one to one of its bytes") {
    check_violated(verify([] {
                       const auto word = std::make_unique<Word>(0);
                       std::thread first([&word = *word] { word.store(1, relaxed); });
                       std::thread second([&word = *word] { byte_of(word, 3) = 1; });
                       first.join();
                       second.join();
                   }),
                   "data race: atomic write by thread 1 and plain write by thread 2");
}

TEST_CASE("mixed access: it still does when the object has been overwritten in part") {
    const auto overwrite = [](std::size_t byte) {
        return verify([byte] {
            const auto word = std::make_unique<Word>(0);
            std::thread first([&word = *word] {
                word.store(1, relaxed);
                byte_of(word, 0) = 1;
            });
            std::thread second([&word = *word, byte] {
                if (byte < sizeof word) byte_of(word, byte) = 1;
            });
            first.join();
            second.join();
        });
    };
    check_violated(overwrite(3), "data race: atomic write by thread 1 and plain write by thread 2");
    check_verified(overwrite(sizeof(Word)), 1);
}

TEST_CASE("mixed access: reading goes along with a plain read, writing after it does not") {
    const auto read_then = [](bool writes) {
        return verify([writes] {
            const auto word = std::make_unique<Word>(0);
            std::thread first([&word = *word] { rc11::check(byte_of(word, 0) == 0, "unchanged"); });
            std::thread second([&word = *word, writes] {
                rc11::check(word.load(relaxed) == 0, "unchanged");
                if (writes) word.store(1, relaxed);
            });
            first.join();
            second.join();
        });
    };
    check_violated(read_then(true),
                   "data race: plain read by thread 1 and atomic write by thread 2");
    check_verified(read_then(false), 1);
}

TEST_CASE("mixed access: a compare_exchange goes along with a plain read when it fails only") {
    const auto exchange = [](std::uint32_t expected) {
        return verify([expected] {
            const auto word = std::make_unique<Word>(0);
            std::thread first([&word = *word, wanted = expected]() mutable {
                word.compare_exchange_strong(wanted, 7, relaxed, relaxed);
            });
            std::thread second(
                [&word = *word] { rc11::check(byte_of(word, 0) == 0, "unchanged"); });
            first.join();
            second.join();
        });
    };
    check_violated(exchange(0), "data race: atomic write by thread 1 and plain read by thread 2");
    check_verified(exchange(5), 1);
}

TEST_CASE(
    "mixed access: a plain read after all writes races with the next one of the same thread") {
    const auto write_again = [](bool is_late) {
        return verify([is_late] {
            struct Shared {
                Word word{0};
                std::atomic<bool> is_written{false};
            };
            const auto shared = std::make_unique<Shared>();
            std::thread reader([&shared = *shared] {
                if (!shared.is_written.load(acquire)) return;
                rc11::check(byte_of(shared.word, 0) == 1, "it is what has been written");
            });
            std::thread writer([&shared = *shared, is_late] {
                shared.word.store(1, relaxed);
                shared.is_written.store(true, release);
                if (is_late) shared.word.store(2, relaxed);
            });
            reader.join();
            writer.join();
        });
    };
    check_violated(write_again(true),
                   "data race: plain read by thread 1 and atomic write by thread 2");
    check_verified(write_again(false), 2);
}

TEST_CASE("mixed access: an atomic object is used after it has been freed") {
    const auto use = [](bool is_late) {
        return verify([is_late] {
            auto* const word = new Word(0);
            word->store(1, relaxed);
            std::thread other([word, is_late] {
                word->store(2, relaxed);
                if (is_late) delete word;
            });
            other.join();
            word->store(3, relaxed);
            if (!is_late) delete word;
        });
    };
    check_violated(use(true), "use after free");
    check_verified(use(false), 1);
}

TEST_CASE("mixed access: what an atomic object begins with is that of its execution") {
    struct Shared {
        std::atomic<int> begin{0};
        std::atomic<int> other{0};
    };
    const Verification found = verify([] {
        const auto shared = std::make_unique<Shared>();
        std::thread first([&shared = *shared] {
            const int begin = shared.begin.load(relaxed);
            const auto object = std::make_unique<std::atomic<int>>(begin);
            for (int i = 0; i < 8; ++i) rc11::check(object->load(relaxed) == begin, "it is there");
            const int other = shared.other.load(relaxed);
            for (int i = 0; i < 8; ++i) rc11::check(object->load(relaxed) == begin, "it stays");
            rc11::outcome(std::to_string(begin) + std::to_string(other));
        });
        std::thread second([&shared = *shared] { shared.begin.store(1, relaxed); });
        shared->other.store(1, relaxed);
        first.join();
        second.join();
    });
    check_verified(found, 4);
    CHECK(found.outcomes ==
          std::map<std::string, std::uint64_t>{{"00", 1}, {"01", 1}, {"10", 1}, {"11", 1}});
}

}  // namespace parley::tests
