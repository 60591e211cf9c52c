//! The numbers of this crate's layouts, from 1000 on.

#![allow(missing_docs)]

use viv_runtime::object::kinds;

macro_rules! kinds {
    ($($name:ident)+) => {
        #[repr(u16)]
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Numbers { FIRST = 999, $($name,)+ }
        const _: () = assert!(Numbers::FIRST as u16 >= kinds::LAST);
        $(pub const $name: u16 = Numbers::$name as u16;)+
    };
}

kinds! {
    HASH COMPRESSOR DECOMPRESSOR ZLIB_DECOMPRESSOR ABC_DATA UNICODE_DATABASE SRE_PATTERN SRE_MATCH SRE_SCANNER SRE_TEMPLATE CSV_DIALECT CSV_READER CSV_WRITER JSON_SCANNER JSON_ENCODER
    DECIMAL DECIMAL_CONTEXT DECIMAL_SIGNALS PICKLER UNPICKLER PICKLER_MEMO UNPICKLER_MEMO PICKLE_BUFFER DIR_ENTRY SCANDIR_ITERATOR LRU_LINK BZ2_COMPRESSOR BZ2_DECOMPRESSOR TUPLE_GETTER SOCKET POLL EPOLL FUTURE TASK FUTURE_ITERATOR TASK_STEP HAMT HAMT_NODE HAMT_ITERATOR ORDER ORDERED_DICT_ITERATOR
    TIME_DELTA DATE TIME DATE_TIME TZ_INFO TIME_ZONE SYMBOL_TABLE_ENTRY
}
