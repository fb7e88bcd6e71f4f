#include "parley/stress/finding.hpp"

#include "parley/specs/model/property.hpp"

#include <fmt/format.h>

#include <string_view>

namespace parley::stress {

namespace {

namespace property = specs::model::property;

std::string place_of(const Stack& stack) {
    const Frame* place = innermost_place(stack);
    return place == nullptr ? "an unknown place" : fmt::format("{}:{}", place->file, place->line);
}

std::string access_text(const TsanAccess& access) {
    return fmt::format("{}{} of {} byte{} by {}", access.is_atomic ? "atomic " : "",
                       access.is_write ? "write" : "read", access.size_bytes,
                       access.size_bytes == 1 ? "" : "s", access.thread);
}

}  // namespace

checker::Violation violation_of(const TsanReport& report) {
    checker::Violation violation;
    if (report.kind.find("use-after-free") != std::string::npos) {
        violation.property = property::use_after_free;
        violation.sentence = "a destroyed object is not touched";
    } else {
        violation.property = property::data_race;
        violation.sentence = "two accesses to plain memory are ordered";
    }
    for (const TsanAccess& access : report.accesses) {
        violation.detail += fmt::format("{}{} at {}", violation.detail.empty() ? "" : ", ",
                                        access_text(access), place_of(access.stack));
    }
    if (report.count > 1) violation.detail += fmt::format(", {} times", report.count);
    if (!report.fences.empty()) {
        violation.detail += fmt::format(
            "; this may be a false report: ThreadSanitizer does not model fences, and "
            "the code has one at {}:{} (engine rc11 knows them)",
            report.fences.front().file, report.fences.front().line);
    }
    return violation;
}

std::vector<checker::RaceEnd> race_ends(const TsanReport& report) {
    std::vector<checker::RaceEnd> ends;
    for (const TsanAccess& access : report.accesses) {
        checker::RaceEnd& end = ends.emplace_back();
        end.access = access_text(access);
        for (const Frame& frame : access.stack) {
            end.stack.push_back(fmt::format("{} {}:{}", frame.function, frame.file, frame.line));
        }
    }
    return ends;
}

checker::Violation violation_of(BatchEnd end, model::Party party, const SideEnd& side) {
    const std::string_view name = party == model::Party::left ? "left" : "right";
    if (side.thrown) {
        return {std::string{property::exception}, "no exception leaves a role", *side.thrown};
    }
    if (end == BatchEnd::stuck) {
        return {std::string{property::hang}, "every step of a role ends",
                fmt::format("{} did not come back", name)};
    }
    return {std::string{property::deadlock}, "some party can move until both have finished",
            fmt::format("{} waits", name)};
}

}  // namespace parley::stress
