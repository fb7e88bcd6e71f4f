#pragma once

#include "parley/checker/progress.hpp"
#include "parley/checker/report.hpp"
#include "parley/checker/snapshot.hpp"
#include "parley/checker/subject.hpp"

#include <string>

namespace parley::checker {

/// The file from which a search goes on after it was ended. It belongs to one check of one build:
/// another file at its place is an InputError, and stays as it is.
class Checkpoint {
 public:
    /// Without a file, when the check asks for none. Throws InputError where none can be written.
    Checkpoint(const Subject& subject, const CheckOptions& check);
    /// Of what is no check of a protocol: `what` says which search of this build it is.
    Checkpoint(std::string path, double seconds, const std::string& what);

    /// Reads the file, if it is there, by `transfer(reader)`. False: it is not.
    template <class Transfer>
    bool read(const Transfer& transfer) {
        if (!exists()) return false;
        SnapshotReader reader{path_};
        std::string identity;
        reader(identity);
        if (identity != identity_) reader.refuse("is a checkpoint of another check or build");
        transfer(reader);
        return true;
    }

    /// Whether there is to be a file at all.
    bool is_wanted() const { return !path_.empty(); }
    /// Whether it is time to write again.
    bool is_due() const { return !path_.empty() && since_last_.seconds() >= seconds_; }
    /// Writes the file by `transfer(writer)`, if the check wants one.
    template <class Transfer>
    void write(const Transfer& transfer) {
        if (path_.empty()) return;
        SnapshotWriter writer{path_};
        writer(identity_);
        transfer(writer);
        writer.finish();
        since_last_ = {};
    }
    /// Removes the file: the search is over.
    void remove() const;

 private:
    bool exists() const;

    std::string path_;
    double seconds_;
    std::string identity_;  ///< of check and build
    Stopwatch since_last_;
};

}  // namespace parley::checker
