#include "parley/checker/rc11/protocol/waiting.hpp"

#include <algorithm>

namespace parley::rc11 {

void Waiting::begin() {
    begin_round({});
    reads_before_.clear();
    repeats_ = 0;
    blocked_ = Verdict::go_on;
}

void Waiting::note_object(std::span<const std::byte> object) {
    objects_.push_back({object, objects_before_.size()});
    objects_before_.insert(objects_before_.end(), object.begin(), object.end());
}

Waiting::Verdict Waiting::end_step(std::span<const std::byte> script) {
    if (is_idle_) return Verdict::cut;
    const bool is_same =
        !has_written_ && choices_.empty() && reads_ == reads_before_ && !has_changed(script);
    repeats_ = is_same ? repeats_ + 1 : 0;
    reads_before_.swap(reads_);
    begin_round(script);
    return repeats_ == repeats_max ? Verdict::spins : Verdict::go_on;
}

Waiting::Verdict Waiting::end_idle(std::span<const std::byte> script) {
    if (has_changed(script)) return end_step(script);
    if (!chooses_next()) return Verdict::cut;
    next_ = std::exchange(choices_, {});
    while (!next_.empty() && next_.back().index + 1 == next_.back().count) next_.pop_back();
    if (next_.empty()) return Verdict::stuck;
    ++next_.back().index;
    is_idle_ = true;
    return Verdict::go_on;
}

void Waiting::write_state(const Graph& graph, StateBytes& to) const {
    append(to, blocked_);
    const bool has_newest = has_read_newest(graph, reads_);
    append(to, has_newest);
    if (blocked_ != Verdict::go_on) return;
    append(to, script_.size());
    append(to, std::span(script_));
    if (has_newest) {
        append(to, reads_.size());
        for (const auto& [location, source] : reads_) append(to, location);
    }
    append(to, is_idle_);
    for (const checker::Choices* choices : {&choices_, &next_}) {
        append(to, choices->size());
        for (const auto [count, index] : *choices) append(to, index);
    }
    append(to, objects_.size());
    for (const Object& object : objects_) {
        append(to, reinterpret_cast<std::uintptr_t>(object.now.data()));
        append(to, object.now.size());
    }
    append(to, std::span(objects_before_));
}

bool Waiting::has_read_newest(const Graph& graph, const Reads& reads) {
    return std::ranges::all_of(reads, [&](const auto& read) {
        return graph.location(read.first).order.back() == read.second;
    });
}

void Waiting::begin_round(std::span<const std::byte> script) {
    script_.assign(script.begin(), script.end());
    reads_.clear();
    has_written_ = false;
    choices_.clear();
    next_.clear();
    is_idle_ = false;
    objects_.clear();
    objects_before_.clear();
}

bool Waiting::has_changed(std::span<const std::byte> script) const {
    return !std::ranges::equal(script, script_) ||
           std::ranges::any_of(objects_, [&](const Object& object) {
               return !std::equal(
                   object.now.begin(), object.now.end(),
                   objects_before_.begin() + static_cast<std::ptrdiff_t>(object.before));
           });
}

bool Waiting::chooses_next() const {
    if (choices_.size() < next_.size()) return false;
    return std::equal(next_.begin(), next_.end(), choices_.begin()) &&
           std::all_of(choices_.begin() + static_cast<std::ptrdiff_t>(next_.size()), choices_.end(),
                       [](const checker::Choice& choice) { return choice.index == 0; });
}

}  // namespace parley::rc11
