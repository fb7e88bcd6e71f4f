#include "parley/checker/rc11/protocol/unit_findings.hpp"

#include "parley/checker/raw_bytes.hpp"
#include "parley/checker/require.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace parley::rc11 {

namespace {

struct Writer {
    UnitBytes bytes = {};

    template <checker::RawBytes T>
    void operator()(const T& value) {
        const auto raw = std::as_bytes(std::span(&value, 1));
        bytes.insert(bytes.end(), raw.begin(), raw.end());
    }
};

struct Reader {
    std::span<const std::byte> bytes;

    template <checker::RawBytes T>
    void operator()(T& value) {
        checker::require(bytes.size() >= sizeof(T), "findings are read as they were written");
        std::ranges::copy(bytes.first(sizeof(T)),
                          std::as_writable_bytes(std::span(&value, 1)).begin());
        bytes = bytes.subspan(sizeof(T));
    }
};

void transfer(UnitFindings& findings, auto& archive) {
    archive(findings.executions);
    archive(findings.ends);
    archive(findings.sent_kinds);
    if (!findings.coverage) return;
    findings.coverage->transfer(archive);
    for (checker::QueueFill& queue : findings.coverage->queues) {
        if (queue.wrapped) archive(*queue.wrapped);
    }
}

}  // namespace

UnitBytes UnitFindings::to_bytes() const {
    UnitFindings copy = *this;
    Writer writer;
    transfer(copy, writer);
    return writer.bytes;
}

void UnitFindings::add(const UnitBytes& bytes) {
    UnitFindings more = *this;
    Reader reader{bytes};
    transfer(more, reader);
    executions += more.executions;
    ends += more.ends;
    sent_kinds |= more.sent_kinds;
    if (coverage) add_coverage(*coverage, *more.coverage);
}

}  // namespace parley::rc11
