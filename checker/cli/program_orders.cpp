#include "parley/checker/cli/program_orders.hpp"

#include "parley/checker/json.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/checker/subprocess.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace parley::cli {

namespace {

using checker::InputError;
using checker::OrderFinding;
using checker::OrderFindings;
using checker::Report;
using checker::Verdict;
using Json = nlohmann::json;

/// Memory that the program writes its answers to, as it would to a file.
class Answers {
 public:
    Answers() : descriptor_(memfd_create("orders", MFD_CLOEXEC)) {
        if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "memfd");
    }
    Answers(const Answers&) = delete;
    Answers& operator=(const Answers&) = delete;
    ~Answers() { close(descriptor_); }

    std::string path() const { return fmt::format("/proc/{}/fd/{}", getpid(), descriptor_); }

    /// A line for each call of verify().
    std::string text() const {
        std::string text;
        std::array<char, 65536> buffer{};
        while (text.size() < checker::json_bytes_max) {
            const ssize_t got =
                pread(descriptor_, buffer.data(), buffer.size(), static_cast<off_t>(text.size()));
            if (got <= 0) break;
            text.append(buffer.data(), static_cast<std::size_t>(got));
        }
        return text;
    }

 private:
    int descriptor_;
};

/// What is neither is undecided.
Verdict verdict_of(const std::string& result) {
    if (result == "verified") return Verdict::verified;
    return result == "violated" ? Verdict::violated : Verdict::incomplete;
}

/// The worse of two: what is violated counts, then what is not known.
void add(Report& sum, Verdict verdict, const std::string& reason) {
    const auto badness = [](Verdict each) {
        if (each == Verdict::violated) return 2;
        return each == Verdict::verified ? 0 : 1;
    };
    if (badness(verdict) <= badness(sum.verdict)) return;
    sum.verdict = verdict;
    sum.reason = reason;
}

Report report_of(const Json& verification) {
    Report report;
    report.verdict = verdict_of(verification.at("result"));
    report.reason = verification.at("reason");
    return report;
}

/// As a counterexample is shown below what it is one of.
std::string indented(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        result += "    " + checker::render::printable(text.substr(0, end)) + "\n";
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

/// Of all calls.
class Sum {
 public:
    Sum() { found_.original.verdict = Verdict::verified; }

    void add_call(const Json& answer) {
        const Json& original = answer.at("original");
        add(found_.original, verdict_of(original.at("result")), original.at("reason"));
        ++calls_;
        executions_ += original.at("executions").get<std::uint64_t>();
        for (const Json& order : answer.at("orders")) add_order(order);
    }

    OrderFindings found() && {
        found_.original.counts = {{"calls", calls_}, {"executions", executions_}};
        return std::move(found_);
    }

 private:
    void add_order(const Json& order) {
        OrderFinding finding{
            .place = order.at("place"),
            .what = order.at("what"),
            .order = order.at("order"),
            .weakened = order.at("weakened"),
            .report = report_of(order.at("verification")),
            .counterexample = indented(order.at("verification").at("text").get<std::string>())};
        const auto same = std::ranges::find_if(found_.findings, [&](const OrderFinding& each) {
            return each.place == finding.place && each.what == finding.what &&
                   each.order == finding.order && each.weakened == finding.weakened;
        });
        if (same == found_.findings.end()) {
            found_.findings.push_back(std::move(finding));
            return;
        }
        if (finding.is_necessary() && !same->is_necessary()) {
            same->counterexample = std::move(finding.counterexample);
        }
        add(same->report, finding.report.verdict, finding.report.reason);
    }

    OrderFindings found_;
    std::uint64_t calls_ = 0;
    std::uint64_t executions_ = 0;
};

OrderFindings sum_of(const std::string& program, std::string_view lines) {
    Sum sum;
    try {
        // Whoever is interrupted may leave half a line.
        for (std::size_t end = 0; (end = lines.find('\n')) != std::string_view::npos;
             lines.remove_prefix(end + 1)) {
            sum.add_call(Json::parse(lines.substr(0, end)));
        }
    } catch (const Json::exception& error) {
        throw InputError(
            fmt::format("{} gives no answer that makes sense: {}", program, error.what()));
    }
    return std::move(sum).found();
}

}  // namespace

bool is_program(const std::string& name) {
    return name.find('/') != std::string::npos;
}

OrderFindings find_orders_of_program(const std::vector<std::string>& command,
                                     const std::atomic<bool>* stop) {
    const std::string& program = command.front();
    const Answers answers;
    checker::CommandResult ended;
    try {
        ended = checker::run_command(
            {.path = program,
             .arguments = {command.begin() + 1, command.end()},
             .environment = {"PARLEY_ORDERS=" + answers.path()}},
            {.seconds = std::numeric_limits<std::int32_t>::max(), .stop = stop});
    } catch (const std::system_error& error) {
        throw InputError(error.what());
    }
    OrderFindings found = sum_of(program, answers.text());
    found.original.protocol = program;
    found.original.engine = "rc11";
    found.original.seconds = ended.seconds;
    if (ended.was_stopped) {
        add(found.original, Verdict::incomplete, "interrupted");
    } else if (found.original.counts.front().second == 0) {
        throw InputError(program + " never calls verify(), of parley_add_model_check()");
    } else if (ended.exit_code != 0) {
        const std::string end = ended.signal != 0 ? fmt::format("signal {}", ended.signal)
                                                  : fmt::format("exit code {}", ended.exit_code);
        add(found.original, Verdict::incomplete, "the program ended with " + end);
    }
    return found;
}

}  // namespace parley::cli
