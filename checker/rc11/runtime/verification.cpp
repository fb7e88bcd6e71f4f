#include "parley/checker/rc11/runtime/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string_view>

namespace parley::rc11 {

std::string_view name_of(Result result) {
    switch (result) {
        case Result::verified:
            return "verified";
        case Result::violated:
            return "violated";
        case Result::incomplete:
            return "incomplete";
        case Result::unsupported:
            return "unsupported";
    }
    return "";
}

namespace {

std::string touched(const Step& step) {
    return step.value.empty() ? step.object : step.object + " = " + step.value;
}

}  // namespace

std::string text_of(const Verification& verification) {
    const auto counted = [](std::uint64_t count) {
        return fmt::format("{}{}", count == UINT64_MAX ? "at least " : "", count);
    };
    std::string text{name_of(verification.result)};
    if (!verification.reason.empty()) text += ": " + verification.reason;
    text += fmt::format("\n{} complete execution{}, {} blocked", counted(verification.executions),
                        verification.executions == 1 ? "" : "s", counted(verification.blocked));
    if (verification.states > 0 && verification.result == Result::verified) {
        text += fmt::format(", known from {} state{}", verification.states,
                            verification.states == 1 ? "" : "s");
    }
    text += "\n";
    std::size_t what_width = 0;
    std::size_t touched_width = 0;
    for (const Step& step : verification.counterexample) {
        what_width = std::max(what_width, step.what.size());
        touched_width = std::max(touched_width, touched(step).size());
    }
    for (const Step& step : verification.counterexample) {
        text += fmt::format("  thread {}  {:{}}  {:{}}  {}\n", step.thread, step.what, what_width,
                            touched(step), touched_width, step.place);
        if (!step.note.empty()) text += fmt::format("            {}\n", step.note);
    }
    return text;
}

std::ostream& operator<<(std::ostream& stream, const Verification& verification) {
    return stream << text_of(verification);
}

}  // namespace parley::rc11
