#include "parley/checker/report.hpp"
#include "parley/tests/checker/rc11/runtime/verification.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

/// A search of compiled code that is killed goes on from its checkpoint.
namespace parley::tests {

namespace {

std::atomic<int> written{0};
/// Not under check: which of two searches looks at an execution.
int era = 1;

/// Two threads that each write seven times: 3432 executions, as many as there are ways to order
/// fourteen writes of which seven are of each.
constexpr std::uint64_t executions_of_all = 3432;
void write_in_eras() {
    const auto write = [](int value) {
        for (int i = 0; i < 7; ++i) written.store(value, relaxed);
    };
    std::thread first(write, 1);
    std::thread second(write, 2);
    first.join();
    second.join();
    rc11::outcome(era == 1 ? "before" : "after");
}

class KeptFile {
 public:
    explicit KeptFile(const std::string& name)
        : path_(std::filesystem::temp_directory_path() /
                (name + "_" + std::to_string(getpid()) + ".checkpoint")) {}
    KeptFile(const KeptFile&) = delete;
    KeptFile& operator=(const KeptFile&) = delete;
    ~KeptFile() { std::filesystem::remove(path_); }

    std::string path() const { return path_.string(); }
    bool exists() const { return std::filesystem::exists(path_); }
    std::uintmax_t bytes() const {
        std::error_code none;
        const std::uintmax_t size = std::filesystem::file_size(path_, none);
        return none ? 0 : size;
    }

 private:
    std::filesystem::path path_;
};

/// Written at the end.
VerifyOptions kept_in(const KeptFile& file, unsigned workers) {
    VerifyOptions options;
    options.workers = workers;
    options.checkpoint = file.path();
    return options;
}

/// Starts the search in a process of its own, which writes the file after each part, and kills that
/// when the file is as large.
void kill_in_the_middle(const std::function<void()>& code, VerifyOptions options,
                        const KeptFile& file, std::uintmax_t bytes) {
    options.checkpoint_seconds = 0;
    const pid_t search = fork();
    if (search == 0) {
        verify(code, options);
        _exit(0);
    }
    int status = 0;
    while (file.bytes() < bytes && waitpid(search, &status, WNOHANG) == 0) usleep(100);
    kill(search, SIGKILL);
    waitpid(search, &status, 0);
    REQUIRE(file.bytes() >= bytes);
    REQUIRE(WIFSIGNALED(status));
}

}  // namespace

TEST_CASE("checkpoint: a search that is killed goes on where it was") {
    for (const unsigned workers : {1U, 3U}) {
        const KeptFile file("killed");
        const VerifyOptions options = kept_in(file, workers);
        era = 1;
        kill_in_the_middle(write_in_eras, options, file, 2'000);
        era = 2;
        const Verification rest = verify(write_in_eras, options);
        check_verified(rest, executions_of_all);
        CHECK(rest.blocked == 0);
        // What the first one has looked at counts, and nobody has looked at it again.
        CHECK(rest.outcomes.at("before") > 0);
        CHECK(rest.outcomes.at("after") > 0);
        CHECK(rest.outcomes.at("before") + rest.outcomes.at("after") == executions_of_all);
        CHECK_FALSE(file.exists());
    }
}

namespace {

/// Wrong in one of the last executions only.
void write_and_be_wrong() {
    write_in_eras();
    static std::atomic<int> seen{0};
    std::thread late([] { seen.store(1, relaxed); });
    rc11::check(seen.load(relaxed) == 0 || written.load(relaxed) == 1,
                "the second is not the last");
    late.join();
}

}  // namespace

TEST_CASE("checkpoint: what is found after a kill is what one search finds") {
    const KeptFile file("wrong");
    VerifyOptions alone;
    alone.workers = 1;
    const Verification unbroken = verify(write_and_be_wrong, alone);
    check_violated(unbroken, "the second is not the last");
    const Verification kept = verify(write_and_be_wrong, kept_in(file, 1));
    CHECK(text_of(kept) == text_of(unbroken));
    CHECK_FALSE(file.exists());
}

TEST_CASE("checkpoint: a search that a limit ends goes on with a higher one") {
    const KeptFile file("limited");
    VerifyOptions options = kept_in(file, 1);
    options.executions_max = 500;
    era = 1;
    const Verification cut = verify(write_in_eras, options);
    check_ends(cut, Result::incomplete, "500 executions");
    CHECK(cut.executions == 500);
    REQUIRE(file.exists());
    era = 2;
    options.executions_max = 10'000;
    const Verification rest = verify(write_in_eras, options);
    check_verified(rest, executions_of_all);
    CHECK(rest.outcomes.at("before") > 0);
    CHECK(rest.outcomes.at("before") < 500);
    CHECK_FALSE(file.exists());
}

TEST_CASE("checkpoint: a file of something else is refused, and stays as it is") {
    const KeptFile file("foreign");
    VerifyOptions options = kept_in(file, 1);
    options.executions_max = 500;
    int writes = 7;
    const auto code = [&writes] {
        const int count = writes;
        const auto write = [count](int value) {
            for (int i = 0; i < count; ++i) written.store(value, relaxed);
        };
        std::thread first(write, 1);
        std::thread second(write, 2);
        first.join();
        second.join();
    };
    check_ends(verify(code, options), Result::incomplete, "500 executions");
    const std::uintmax_t bytes = file.bytes();
    const std::string refused = "is a checkpoint of ";
    using Catch::Matchers::Contains;

    CHECK_THROWS_WITH(verify(write_in_eras, options), Contains(refused + "another check or build"));
    VerifyOptions others = options;
    others.spurious_wakeups_max = 1;
    CHECK_THROWS_WITH(verify(code, others), Contains(refused + "another check or build"));
    others = options;
    others.shards = 2;
    CHECK_THROWS_WITH(verify(code, others), Contains(refused + "another check or build"));
    // The same code, that does something else.
    writes = 6;
    CHECK_THROWS_WITH(verify(code, options), Contains(refused + "code that does something else"));
    CHECK(file.bytes() == bytes);

    writes = 7;
    options.executions_max = 10'000;
    check_verified(verify(code, options), executions_of_all);

    std::ofstream(file.path()) << "no checkpoint at all";
    CHECK_THROWS_WITH(verify(code, options), Contains("is no checkpoint"));
    CHECK(file.exists());
}

}  // namespace parley::tests
