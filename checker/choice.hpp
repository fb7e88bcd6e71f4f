#pragma once

#include "parley/protocols/model/role.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace parley::checker {

/// One resolved question: option `index` of `count`.
struct Choice {
    std::uint32_t count = 1;
    std::uint32_t index = 0;

    bool operator==(const Choice&) const = default;
};

using Choices = std::vector<Choice>;

/// Answers everything that a protocol leaves open. A run is exactly the list of its answers.
class Chooser {
 public:
    virtual ~Chooser() = default;

    /// An index below `count`; `count` is at least 1.
    virtual std::uint32_t choose(std::uint32_t count) = 0;

    /// Which of `movers` takes the next step: an index into it. A party may be there several times,
    /// once for each kind of step that it can take.
    virtual std::uint32_t choose_step(std::span<const model::Party> movers) {
        return choose(static_cast<std::uint32_t>(movers.size()));
    }
};

/// All lists of answers, one after another: the last answer that can still move is advanced and
/// what followed is forgotten. After R. J. Baker's and TigerBeetle's "exhaustigen" idea of turning
/// a straight-line random program into an exhaustive one.
class OdometerChooser final : public Chooser {
 public:
    std::uint32_t choose(std::uint32_t count) override {
        if (count <= 1) return 0;
        if (next_ == digits_.size()) digits_.push_back({count, 0});
        return digits_[next_++].index;
    }

    /// Turns to the next list; false when there is none.
    bool advance() {
        next_ = 0;
        while (!digits_.empty() && digits_.back().index + 1 == digits_.back().count) {
            digits_.pop_back();
        }
        if (digits_.empty()) return false;
        ++digits_.back().index;
        return true;
    }

    const Choices& digits() const { return digits_; }

 private:
    Choices digits_;
    std::size_t next_ = 0;
};

/// Answers from a list; index 0 after its end. An index that is too large wraps around, so that an
/// edited list is always a run. What was in fact asked and answered is in taken().
class ReplayChooser final : public Chooser {
 public:
    explicit ReplayChooser(Choices choices) : choices_(std::move(choices)) {}

    std::uint32_t choose(std::uint32_t count) override {
        if (count <= 1) return 0;
        const std::uint32_t index =
            taken_.size() < choices_.size() ? choices_[taken_.size()].index % count : 0;
        taken_.push_back({count, index});
        return index;
    }

    bool is_at_end() const { return taken_.size() >= choices_.size(); }
    const Choices& taken() const { return taken_; }

 private:
    Choices choices_;
    Choices taken_;
};

/// Answers drawn from a seed, each option equally likely, and kept.
class RandomChooser : public Chooser {
 public:
    explicit RandomChooser(std::uint64_t seed) : generator_(seed) {}

    std::uint32_t choose(std::uint32_t count) override {
        if (count <= 1) return 0;
        return keep(count, draw(count));
    }

    const Choices& taken() const { return taken_; }

 protected:
    std::uint32_t draw(std::uint32_t count) {
        return static_cast<std::uint32_t>(generator_() % count);
    }
    std::uint32_t keep(std::uint32_t count, std::uint32_t index) {
        if (count > 1) taken_.push_back({count, index});
        return index;
    }
    /// One of the steps of `party`; of all, if it has none.
    std::uint32_t choose_of(model::Party party, std::span<const model::Party> movers) {
        std::vector<std::uint32_t> preferred;
        for (std::uint32_t i = 0; i < movers.size(); ++i) {
            if (movers[i] == party) preferred.push_back(i);
        }
        const auto count = static_cast<std::uint32_t>(movers.size());
        if (preferred.empty()) return keep(count, draw(count));
        return keep(count, preferred[draw(static_cast<std::uint32_t>(preferred.size()))]);
    }

 private:
    std::mt19937_64 generator_;
    Choices taken_;
};

/// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, A randomized
/// scheduler with probabilistic guarantees of finding bugs, ASPLOS 2010) for two parties: one has
/// priority until one of `depth - 1` change points, drawn over `steps_max` steps, hands it to the
/// other. We differ in that a party's own choices are drawn uniformly.
class PctChooser final : public RandomChooser {
 public:
    PctChooser(std::uint64_t seed, std::uint32_t depth, std::uint32_t steps_max)
        : RandomChooser(seed), leader_(draw(2) == 0 ? model::Party::left : model::Party::right) {
        for (std::uint32_t i = 1; i < depth; ++i) change_points_.push_back(draw(steps_max));
    }

    std::uint32_t choose_step(std::span<const model::Party> movers) override {
        for (const std::uint32_t point : change_points_) {
            if (point == steps_) leader_ = model::other(leader_);
        }
        ++steps_;
        return choose_of(leader_, movers);
    }

 private:
    model::Party leader_;
    std::uint32_t steps_ = 0;
    std::vector<std::uint32_t> change_points_;
};

}  // namespace parley::checker
